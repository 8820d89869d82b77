#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/upstream.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "replay/answer_gate.h"
#include "replay/before_match.h"
#include "replay/event.h"
#include "replay/policy.h"
#include "schema/schema.h"
#include "scrub/scrubber.h"
#include "serve/endpoint.h"

namespace grpc {
class Channel;
}

namespace retake {

class Recorder;

struct ReplayOptions {
  ReplayPolicy policy = {};
  std::shared_ptr<const Scrubber> rules = {};  // null: none are on
  BeforeMatch beforeMatch = {};
  Upstream upstream = {};  // of ExtraCalls::Forward and Record; without an address there is none
  // Of ExtraCalls::Record. What a client over a socket asks is in the file some milliseconds after the
  // service has it: where client or service may bring down this process, a channel of the recorder tells
  // more.
  std::shared_ptr<Recorder> recorder = {};
  ReplayLog log = {};
};

// Calls are counted by what the client got; the lists name recorded calls by number, ascending.
struct ReplayReport {
  std::uint64_t served = 0;
  std::uint64_t missed = 0;
  std::uint64_t forwarded = 0;
  std::uint64_t aborted = 0;
  std::vector<std::uint32_t> neverAskedFor;
};

// Stands in for the recorded service (serving.md in words: what "as recorded" means). It starts with no
// endpoint: channel() gives in-memory ones, listen() opens local ones. Health and reflection are answered too
// (builtin_service.h), as far as they are not recorded. All functions may be called from any thread but
// gRPC's own.
class ReplayServer {
 public:
  // Builds the index: linear in the recording's size, and without a schema no message is decoded.
  static Result<std::unique_ptr<ReplayServer>> start(std::shared_ptr<const Recording> recording,
                                                     std::shared_ptr<const Schema> schema = Schema::builtin(),
                                                     ReplayOptions options = {});
  // Of a file.
  static Result<std::unique_ptr<ReplayServer>> open(const std::string& path, ReplayOptions options = {},
                                                    std::shared_ptr<const Schema> schema = Schema::builtin());
  ~ReplayServer();  // stop() with the default grace
  ReplayServer(const ReplayServer&) = delete;
  ReplayServer& operator=(const ReplayServer&) = delete;

  // In memory, no port is taken. It may outlive the server: then its calls get UNAVAILABLE.
  std::shared_ptr<grpc::Channel> channel();
  // Opens one more endpoint (endpoint.h: what an address is, and when it is an Error). Returns the address as
  // a client dials it, with the port that was taken. Blocks for some milliseconds. How large a client's
  // message may be is decided here, by recording and policy as they are (receiveLimit(), endpoint_server.h).
  Result<std::string> listen(std::string_view address, const ServerTls& tls = {});
  // The addresses that are being listened on, in the order of listen().
  std::vector<std::string> addresses() const;
  // What a person should know of them, a sentence each: "0.0.0.0:50051: other machines can reach it, ...".
  std::vector<std::string> warnings() const;

  // Counts from the next call on; a call under way keeps what it began with. What was used stays
  // used, by entry id. An Error leaves the old one in place.
  Result<void> replace(std::shared_ptr<const Recording> recording, std::shared_ptr<const Schema> schema);
  // Likewise. What was used stays used. An Error leaves the old one in place.
  Result<void> setPolicy(const ReplayPolicy& policy);
  // Likewise: messages are matched as they came and as the rules make them, and answers are in the client's
  // own terms as far as tokens tell them (scrub/session_terms.h). Null: no rules are on.
  Result<void> setRules(std::shared_ptr<const Scrubber> rules);
  // Where extra calls go from the next one on, if the policy has them forwarded; without an address they are
  // missed. That nobody answers there is told to each client. An Error leaves the old one in place.
  Result<void> setUpstream(const Upstream& upstream);
  // What extra calls are recorded into from the next one on, if the policy has that. A recorder outlives the
  // calls that it records: stop() the server first, then close() it.
  void setRecorder(std::shared_ptr<Recorder> recorder);
  // Pause and step: while it is paused answers wait, and go out one at a time. Lives as long as the server;
  // stop() ends a pause.
  AnswerGate& gate();
  // Of the recording that is served now: what Go's Replayer.Initial gives.
  Result<std::string> initialState() const;
  // Every recorded call may be used again.
  void resetUsed();
  ReplayReport report() const;
  std::uint32_t callsUnderWay() const;

  // Refuses new calls with UNAVAILABLE, lets those under way end for at most `grace`, ends the rest
  // with UNAVAILABLE, then closes all endpoints. Does not wait when no call is under way. A second
  // stop() does nothing.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(5));

 private:
  ReplayServer();
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace retake
