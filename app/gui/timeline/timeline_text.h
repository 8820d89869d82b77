#pragma once

#include <QString>
#include <optional>

#include "recording/entry_times.h"
#include "timeline/call_hit.h"
#include "timeline/lanes.h"

// What the timeline says in words: in tooltips, and to those who cannot see it.
namespace retake::gui {

// Number, method, kind, status, where it lies and how many messages it has; a message's own place
// when it is meant.
// With `times`, when the call began and how long it took.
QString callToolTip(const Lanes& lanes, const CallHit& hit, const EntryTimes* times = nullptr);
// What the x axis is, and what it is not.
QString axisToolTip(const EntryTimes* times, bool byTime);
// A time on an axis whose marks are `step` apart, as short as it tells them apart: "0", "1.25 s", "7 min".
QString axisTimeText(double nanos, double step);
// "40 calls in 2 lanes, 3 failed, 1 edited."
QString describeLanes(const Lanes& lanes, bool byTime = false);
// "Call 481, Add, NOT_FOUND, entries 961 to 962."
QString describeCall(const Lanes& lanes, std::uint32_t call);

}  // namespace retake::gui
