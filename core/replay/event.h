#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "explain/explanation.h"
#include "recording/ids.h"

namespace retake {

// One call that a client made, when it is over; and notes that belong to it on the way. What a live
// log shows.
struct ReplayEvent {
  enum class Kind : std::uint8_t {
    Call,   // the call is over
    Note,   // something a person should know: diverged at message k, a wait ran out, matched by a guess
    Edited  // the recording was replaced by an edited one; counts from the next call on
  };
  enum class Outcome : std::uint8_t {
    Served,     // as recorded, to the end
    Missed,     // nothing recorded matches, or the stream went another way than the one it had matched
    Forwarded,  // nothing recorded matches, and the upstream answered
    Refused,    // the server was stopping
    Aborted     // matched, but the client cancelled or vanished
  };
  Kind kind = Kind::Call;
  Outcome outcome = Outcome::Served;
  // False for a health or reflection call that is not recorded: tools ask for these by themselves, so it
  // is no miss, and no report counts it.
  bool counted = true;
  std::uint64_t sequence = 0;  // from 1, in the order in which calls began; a Note has its call's
  std::chrono::system_clock::time_point time;  // when the call began
  std::chrono::nanoseconds duration{0};
  std::string endpoint;          // "in memory" or "127.0.0.1:43211"
  std::string method;            // "/pkg.Service/Method"
  EntryId call;                  // the REQUEST or CREATE_STREAM that was matched; none when missed
  std::uint32_t callNumber = 0;  // its number in the recording, from 1; 0 when missed
  std::int32_t statusCode = 0;   // as sent
  std::string text;              // the status message, or what the note says
  std::string forwarded =
      {};  // where the call went, and why it was not answered here: "forwarded to ADDR: ..."
  std::shared_ptr<const Explanation> explanation = {};  // of a miss
};

// Called on gRPC threads, one at a time per ReplayServer. Must not block.
using ReplayLog = std::function<void(const ReplayEvent&)>;

}  // namespace retake
