#pragma once

#include <string>
#include <vector>

#include "match/policy.h"
#include "recording/recording.h"
#include "schema/schema.h"

namespace retake {

// The rules that have no effect on a recording, a sentence each: no call has such a method, or the path leads
// nowhere in its requests. As far as recording and schema tell: a field that is given by number may always
// be there.
std::vector<std::string> idleRules(const MatchPolicy& policy, const Recording& recording,
                                   const Schema& schema);

}  // namespace retake
