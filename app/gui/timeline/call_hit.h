#pragma once

#include <cstdint>
#include <optional>

#include "timeline/lanes.h"
#include "timeline/timeline_geometry.h"

namespace retake::gui {

// What lies under the mouse.
struct CallHit {
  std::uint32_t call = 0;
  std::optional<std::uint32_t> entry;  // position of the stream message whose tick is meant
  bool operator==(const CallHit&) const = default;
};

// Half of the least width that a call is drawn with, and how far beside a tick a click still means it.
inline constexpr double kHitTolerance = 4;

// The call of `lane` at `x`, or the nearest within the tolerance. With a sub-row (call_mark), one that
// lies there; without, as where density is drawn, any: one that failed before one that did not. Hidden
// calls can be hit where nothing else is.
std::optional<CallHit> hitCall(const Lanes& lanes, const Lane& lane, const TimelineGeometry& geometry,
                               double x, std::optional<std::uint8_t> subRow);

// Of a lane's calls that are not hidden, the one whose first entry is nearest to `position`.
std::optional<std::uint32_t> nearestCall(const Lanes& lanes, const Lane& lane, double position);

}  // namespace retake::gui
