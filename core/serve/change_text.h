#pragma once

#include <string>
#include <vector>

#include "recording/recording.h"
#include "replay/policy.h"

// What the log says of changes to what is served.
namespace retake {

// "entries 12, 15 and 3 more changed", by their places in `recording`, which has the change.
std::string changeText(const Recording& recording, const std::vector<EntryId>& changed);

// "reuse cycle; pace causal": what `after` has otherwise than `before`. Empty where they are the same.
std::string changeText(const ReplayPolicy& before, const ReplayPolicy& after);

}  // namespace retake
