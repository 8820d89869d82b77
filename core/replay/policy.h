#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "match/policy.h"

namespace retake {

// When answers go out (serving.md, "Playing it").
enum class Pace : std::uint8_t {
  Immediate,  // as soon as what stands before them has arrived
  Recorded,   // with the recorded gaps, where the recording has times
  Causal  // not before every request and message that the recording has before them has arrived, of any call
};

struct PacePolicy {
  Pace pace = Pace::Immediate;
  double speed = 1;  // of Recorded: 2 is twice as fast; above 0
  // Of Causal: how long an answer waits at most; then it goes out, and the log says so. What it waited for
  // is waited for no more.
  std::chrono::milliseconds causalBound{10'000};
  bool operator==(const PacePolicy&) const = default;
};

// What becomes of a call that nothing recorded answers.
enum class ExtraCalls : std::uint8_t {
  Fail,     // it is missed
  Forward,  // an upstream answers it
  Record    // likewise, and that is recorded
};

// How a recording is served. May be changed while it is.
struct ReplayPolicy {
  MatchPolicy match = {};
  bool strictStreams = false;  // a later SEND that differs, or does not come, fails the call
  PacePolicy pace = {};
  ExtraCalls extra = ExtraCalls::Fail;
  // Every call is an extra one: the recording answers none.
  bool passThrough = false;
  bool operator==(const ReplayPolicy&) const = default;
};

}  // namespace retake
