#pragma once

#include <QString>
#include <optional>

#include "timeline/call_hit.h"
#include "timeline/lanes.h"

// What the timeline says in words: in tooltips, and to those who cannot see it.
namespace retake::gui {

// Number, method, kind, status, where it lies and how many messages it has; a message's own place
// when it is meant.
QString callToolTip(const Lanes& lanes, const CallHit& hit);
// "40 calls in 2 lanes, 3 failed, 1 edited."
QString describeLanes(const Lanes& lanes);
// "Call 481, Add, NOT_FOUND, entries 961 to 962."
QString describeCall(const Lanes& lanes, std::uint32_t call);

}  // namespace retake::gui
