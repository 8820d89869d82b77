#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "recording/status.h"
#include "schema/schema.h"

namespace grpc {
class Channel;
}

namespace retake {

// What a client does and sees in one call: messages it sends, messages it gets, the end.
struct ClientScript {
  std::string method;
  bool isStream = false;
  struct Step {
    bool isSend = true;
    std::string message = {};   // to be sent, or as it is expected
    std::string typeName = {};  // for compare()
    EntryId entry = {};         // where it stands in the recording
  };
  std::vector<Step> steps = {};  // in recorded order; without the end
  Status end = {};               // as recorded; OK where no end is recorded
  bool endRecorded = true;
};

struct ClientOutcome {
  std::vector<std::string> received = {};
  Status end = {};
  std::chrono::nanoseconds duration{0};
};

// What the client of a recorded call did. An Error when its bytes cannot be read.
Result<ClientScript> clientScript(const Recording& recording, const Call& call);

// Indices into `calls` in the order in which a stand-in hands out equal ones: unary calls by where their
// RESPONSE stands, streams by where their CREATE_STREAM stands. Played in this order, one at a time,
// every call gets its own answer.
std::vector<std::uint32_t> playOrder(const Calls& calls);

// A channel to "HOST:PORT", without TLS; messages of any size are taken.
std::shared_ptr<grpc::Channel> channelTo(const std::string& address);

// Plays the client's side over `channel`: sends what it sent, waits for each message that it had got
// by then, half-closes, reads to the end. Blocks; `timeout` bounds all of it (then the end is
// DEADLINE_EXCEEDED). Details are taken from the grpc-status-details-bin trailer. Where the end was the
// client's own it cancels, after `beforeCancel`: a cancellation may overtake what was just sent.
ClientOutcome play(const std::shared_ptr<grpc::Channel>& channel, const ClientScript& script,
                   std::chrono::milliseconds timeout = std::chrono::seconds(30),
                   const std::function<void()>& beforeCancel = {});

// Where an outcome differs from what is recorded; empty when nowhere. Messages are compared through
// the schema where it knows their type, else as bytes. One sentence each.
std::vector<std::string> compare(const Schema& schema, const ClientScript& script,
                                 const ClientOutcome& outcome);

}  // namespace retake
