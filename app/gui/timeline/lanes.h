#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "recording/calls.h"
#include "recording/recording.h"
#include "timeline/lane_aggregate.h"

namespace retake::gui {

// The calls of one method.
struct Lane {
  std::uint32_t service = 0;
  std::string method;  // as recorded: "/pkg.Service/Method"
  std::string name;    // "Method"
  std::vector<std::uint32_t> calls;
  std::vector<std::uint8_t> marks;  // call_mark
  LaneAggregate aggregate;
  std::uint8_t subRows = 1;  // how many lie above each other at most, up to Lanes::mostSubRows()
  bool overflows = false;    // more than that do somewhere
};

struct LaneService {
  std::string name;  // "pkg.Service"; empty for methods that are not of the usual form
  std::vector<std::uint32_t> lanes;
};

// A recording's calls by method, methods by service, both in the order in which they first occur.
// Holds on to the values it was made of; built on any thread, then used by one.
class Lanes {
 public:
  // Sub-rows that a lane may have: 3, or more where there are few lanes to share a screen.
  static constexpr std::uint32_t kLeastSubRows = 3;
  static constexpr std::uint32_t kMostSubRows = 8;
  static constexpr std::uint32_t kSubRowsOfAll = 24;

  Lanes(std::shared_ptr<const Recording> recording, std::shared_ptr<const Calls> calls);

  const std::vector<Lane>& lanes() const { return m_lanes; }
  const std::vector<LaneService>& services() const { return m_services; }
  std::uint8_t mostSubRows() const;
  const Recording& recording() const { return *m_recording; }
  const Calls& calls() const { return *m_calls; }
  LaneCalls callsOf(const Lane& lane) const { return {m_calls.get(), lane.calls, lane.marks}; }
  // The number of one of lanes().
  std::uint32_t numberOf(const Lane& lane) const {
    return static_cast<std::uint32_t>(&lane - m_lanes.data());
  }
  LaneCounts total() const;

  struct Place {
    std::uint32_t lane = 0;
    std::uint32_t index = 0;
  };
  // Where a call lies; none for a number that is no call's.
  std::optional<Place> find(std::uint32_t call) const;
  std::uint8_t markOf(std::uint32_t call) const;

  // The entries were edited: `recording` and `calls` have the same calls in the same places. Gives
  // the lanes that look different now.
  std::vector<std::uint32_t> update(std::shared_ptr<const Recording> recording,
                                    std::shared_ptr<const Calls> calls, const std::vector<EntryId>& entries);
  // Marks the calls that are not shown. True when that changed any.
  bool setShown(const std::function<bool(std::uint32_t call)>& shown);
  bool showAll();

  // The call nearest behind `after` (before it, when not `forward`) that is shown and has `mark`,
  // starting over at the other end; nothing to start from: the first or last.
  std::optional<std::uint32_t> nextMarked(std::uint8_t mark, std::optional<std::uint32_t> after,
                                          bool forward) const;

 private:
  std::uint8_t endMark(const Call& call) const;
  void arrange(Lane& lane);

  std::shared_ptr<const Recording> m_recording;
  std::shared_ptr<const Calls> m_calls;
  std::vector<Lane> m_lanes;
  std::vector<LaneService> m_services;
  std::vector<std::uint32_t> m_laneOfMethod;
  bool m_filtered = false;
};

// {"pkg.Service", "Method"} of "/pkg.Service/Method"; {"", all} of anything else.
std::pair<std::string, std::string> splitMethod(const std::string& method);

}  // namespace retake::gui
