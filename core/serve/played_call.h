#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "replay/replayer.h"
#include "serve/call_timer.h"
#include "serve/client_call.h"
#include "serve/forward_target.h"

namespace retake {

class Serving;

// A call that is answered from the recording: tells a ReplaySession what the client does and does what that
// says, one write at a time. Where nothing recorded answers, it hands the call over to the upstream, or has
// the miss explained and ends it.
class PlayedCall final : public CallHandler {
 public:
  // Both outlive it.
  PlayedCall(ClientCall& call, Serving& serving, std::uint64_t sequence);

  void begin() override;
  void message(grpc::ByteBuffer& message) override;
  void halfClosed() override;
  void written() override { pump(); }
  ReplayEvent::Outcome abandoned(bool byClient) override;
  bool close() override;

 private:
  // `event` is a ReplaySession's, or a function that leads to one.
  template <typename Event>
  void tell(Event event);
  void react();
  void sendHeaders(bool withMetadata);
  void addHeaders();
  bool allSent() const { return m_sent == m_due.messages.size(); }
  void pump();
  void abort(const std::string& why);
  void missed(MissedCall&& missed);
  void passThrough();
  void forward(const MissedCall& missed, const ForwardTarget& target);
  ForwardTarget forwardTarget() const;
  std::string whyNotForwarded(const ForwardTarget& target) const;
  std::string whyNotForwarded(const MissedCall& missed, const ForwardTarget& target) const;
  void explained(Explanation explanation);
  void armTimer(std::chrono::milliseconds after);
  void armHeadersTimer();
  std::shared_ptr<Waker> waker();

  ClientCall& m_call;
  Serving& m_serving;
  ReplaySession m_session;
  // These three are made when they are first needed, which as a rule is never.
  std::shared_ptr<CallWaker> m_waker;
  std::unique_ptr<CallTimer> m_timer;
  std::unique_ptr<CallTimer> m_headersTimer;
  // What the session says, as far as it has not been done.
  Reaction m_due;
  std::size_t m_sent = 0;  // of its messages
  // Of a miss: the session is over, and it has no end.
  std::unique_ptr<const Explanation> m_missed;
  std::string m_also;  // behind its text

  std::optional<Metadata> m_headers;  // not given to the call yet
  bool m_metadataGiven = false;
  bool m_messageGiven = false;
  grpc::ByteBuffer m_first;  // the client's message, for the upstream
  bool m_gotFirst = false;
  bool m_halfClosed = false;
};

}  // namespace retake
