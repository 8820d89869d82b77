#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "timeline/lanes.h"

namespace retake::gui {

// Lengths in device-independent pixels, from the fonts.
struct LaneMetrics {
  int service = 24;   // height of a service's row
  int span = 16;      // height of a call that is alone in its lane
  int stacked = 16;   // of one that lies above or below others: the same, or less to save room
  int gap = 2;        // between calls that lie above each other
  int padding = 4;    // above the first and below the last
  int overflow = 12;  // the strip that says "+14"
};

struct LaneRow {
  bool isService = false;
  std::uint32_t index = 0;  // of the service or the lane
  bool collapsed = false;   // a service whose lanes are not shown
  int top = 0;              // from the top of the first row
  int height = 0;
};

// The y axis of the timeline: services and their lanes, one below the other. Knows no widget.
class LaneLayout {
 public:
  LaneLayout() = default;
  // `collapsed` has an entry a service.
  LaneLayout(const Lanes& lanes, const std::vector<bool>& collapsed, const LaneMetrics& metrics);
  // Calls that lie above each other as high as lets all rows fit into `height`; where nothing does and
  // one has to scroll anyway, half as high as those that are alone.
  static LaneLayout fitting(const Lanes& lanes, const std::vector<bool>& collapsed, LaneMetrics metrics,
                            int height);

  const std::vector<LaneRow>& rows() const { return m_rows; }
  const LaneMetrics& metrics() const { return m_metrics; }
  int height() const { return m_height; }
  std::optional<std::size_t> rowAt(int y) const;
  // The row that shows a lane: its own, or its service's where that is collapsed.
  std::optional<std::size_t> rowOfLane(std::uint32_t lane) const;

  // Within a lane's row: the height of its calls, the top of a sub-row or (call_mark::kOverflow) of the
  // strip below them, and the sub-row at `y`.
  int spanHeight(const Lane& lane) const { return lane.subRows > 1 ? m_metrics.stacked : m_metrics.span; }
  int subRowTop(const Lane& lane, std::uint8_t subRow) const;
  std::uint8_t subRowAt(const Lane& lane, int y) const;

 private:
  LaneMetrics m_metrics;
  std::vector<LaneRow> m_rows;
  std::vector<std::size_t> m_rowOfLane;
  std::vector<std::uint8_t> m_subRows;
  int m_height = 0;
};

}  // namespace retake::gui
