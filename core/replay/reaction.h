#pragma once

#include <absl/container/inlined_vector.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "explain/explainer.h"
#include "recording/metadata.h"
#include "replay/event.h"

namespace retake {

// A status on its way to a client.
struct ServedStatus {
  std::int32_t code = 0;
  std::string message;
  std::string details;  // bytes of a google.rpc.Status for grpc-status-details-bin; empty: no such trailer
};

// How a call is over for the server: what goes out last, and what the log says of it.
struct ReplayEnd {
  ServedStatus status;
  ReplayEvent::Outcome outcome = ReplayEvent::Outcome::Served;
  Metadata trailers = {};
  // In place of the status text, which has values of the client's that scrub rules take out.
  std::optional<std::string> logText = {};
};

// What a transport has to do after it told a ReplaySession of something: headers, then messages, then the
// end. Headers go with the first message in any case. A transport may keep one for all of a call, and take
// from it what it does: a session only adds, and an end or a miss comes once.
struct Reaction {
  enum class Timer : std::uint8_t { Keep, Arm, Stop };

  bool headers = false;                   // send them now, also without a message
  std::optional<Metadata> metadata = {};  // what the headers hold; comes before, or with, whatever sends them
  // Positions of entries: ReplaySession::payload() when their turn comes.
  absl::InlinedVector<std::uint32_t, 4> messages;
  std::optional<ReplayEnd> end;
  // In place of an end: nothing recorded answers. The transport forwards the call, where the policy has that
  // and nothing has gone out yet, or ends it with ReplaySession::missed().
  std::unique_ptr<MissedCall> miss;
  Timer timer = Timer::Keep;
  std::chrono::milliseconds after{0};  // with Arm, in place of what was armed before
  std::vector<std::string> notes;

  void arm(std::chrono::milliseconds wait) {
    timer = Timer::Arm;
    after = wait;
  }
  // The end, for its trailers.
  ReplayEnd& finish(ServedStatus&& status, ReplayEvent::Outcome outcome) {
    timer = Timer::Stop;
    end.emplace();
    end->status = std::move(status);
    end->outcome = outcome;
    return *end;
  }
};

}  // namespace retake
