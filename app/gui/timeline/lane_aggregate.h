#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "recording/calls.h"

namespace retake::gui {

// What the timeline remembers of a call, in one byte.
namespace call_mark {
inline constexpr std::uint8_t kSubRow = 15;    // where it lies in its lane, from 0; 15: there was no room
inline constexpr std::uint8_t kOverflow = 15;  // a value of kSubRow
inline constexpr std::uint8_t kError = 16;
inline constexpr std::uint8_t kEdited = 32;
inline constexpr std::uint8_t kOpen = 64;     // its end is not recorded
inline constexpr std::uint8_t kHidden = 128;  // the filter leaves it out
}  // namespace call_mark

// The calls of one lane, by their index in the lane: in the order of their first entries.
struct LaneCalls {
  const Calls* calls = nullptr;
  std::span<const std::uint32_t> order;  // index into *calls
  std::span<const std::uint8_t> marks;

  std::uint32_t size() const { return static_cast<std::uint32_t>(order.size()); }
  std::uint32_t first(std::uint32_t index) const { return (*calls)[order[index]].first; }
  std::uint32_t last(std::uint32_t index) const { return (*calls)[order[index]].last(); }
};

struct LaneCounts {
  std::uint32_t calls = 0;
  std::uint32_t hidden = 0;
  std::uint32_t errors = 0;  // of those not hidden, as `edited`
  std::uint32_t edited = 0;

  LaneCounts& operator+=(const LaneCounts& other);
  bool operator==(const LaneCounts&) const = default;
};

// A tree over the calls of a lane, 16 to a node, 16 nodes to the next: answers for any stretch of
// the recording what lies in it without looking at each call. 1.4 bytes a call. Every function takes the
// LaneCalls that it was built from.
class LaneAggregate {
 public:
  static constexpr std::uint32_t kFanOut = 16;

  void build(const LaneCalls& lane);
  // The mark of one call changed.
  void update(const LaneCalls& lane, std::uint32_t index);

  // The first call at `from` or behind it that begins at `position` or later; size() when none.
  std::uint32_t lowerBound(const LaneCalls& lane, std::uint32_t position, std::uint32_t from = 0) const;
  // Of the calls [from, to).
  LaneCounts counts(const LaneCalls& lane, std::uint32_t from, std::uint32_t to) const;
  // The highest last entry among the calls [from, to); none when there are none.
  std::optional<std::uint32_t> maxLast(const LaneCalls& lane, std::uint32_t from, std::uint32_t to) const;
  // Those of the calls [0, to) that end at `position` or later, in order; at most `most`.
  std::vector<std::uint32_t> reaching(const LaneCalls& lane, std::uint32_t to, std::uint32_t position,
                                      std::size_t most) const;
  std::size_t bytes() const;

 private:
  struct Node {
    std::uint32_t first = 0;
    std::uint32_t maxLast = 0;
    std::uint32_t hidden = 0;
    std::uint32_t errors = 0;
    std::uint32_t edited = 0;
  };
  static Node leaf(const LaneCalls& lane, std::uint32_t block);
  Node parent(std::size_t level, std::uint32_t block) const;
  // Calls node(level, n) for whole nodes within [from, to), call(index) for what is left.
  template <typename OnNode, typename OnCall>
  void cover(std::uint32_t from, std::uint32_t to, OnNode node, OnCall call) const;

  std::vector<std::vector<Node>> m_levels;  // [0]: a node for each 16 calls
};

}  // namespace retake::gui
