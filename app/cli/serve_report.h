#pragma once

#include <string>

#include "recording/calls.h"
#include "recording/recording.h"
#include "serve/replay_server.h"

namespace retake::cli {

// What became of calls and recorded calls, for people: a line of counts, a line of what was never asked for,
// and a line a method of that.
std::string reportText(const ReplayReport& report, const Recording& recording, const Calls& calls);

// Whether --verify is content: nothing was missed, everything was asked for.
bool isAsRecorded(const ReplayReport& report);

}  // namespace retake::cli
