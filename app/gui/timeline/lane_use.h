#pragma once

#include <cstdint>
#include <vector>

#include "calls/used_calls.h"
#include "timeline/lanes.h"

namespace retake::gui {

// Which calls of each lane a server has answered with: a bit a call. Counting a stretch of a million takes
// microseconds, so there is no tree over them.
class LaneUse {
 public:
  // Of all calls of `lanes`, as `used` has them; empty while that is.
  void rebuild(const Lanes& lanes, const UsedCalls& used);
  void clear() { m_bits.clear(); }
  bool isEmpty() const { return m_bits.empty(); }
  // Marks more; gives the lanes that look different now.
  std::vector<std::uint32_t> add(const Lanes& lanes, const std::vector<EntryId>& calls);

  bool contains(std::uint32_t lane, std::uint32_t index) const {
    return !m_bits.empty() && (m_bits[lane][index / 64] >> (index % 64) & 1u) != 0;
  }
  // Of the calls [from, to) of a lane.
  std::uint32_t count(std::uint32_t lane, std::uint32_t from, std::uint32_t to) const;

 private:
  void start(const Lanes& lanes);
  void mark(Lanes::Place place) {
    m_bits[place.lane][place.index / 64] |= std::uint64_t{1} << place.index % 64;
  }

  std::vector<std::vector<std::uint64_t>> m_bits;  // by lane
};

}  // namespace retake::gui
