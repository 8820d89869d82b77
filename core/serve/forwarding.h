#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "client/forwarded_call.h"
#include "serve/client_call.h"
#include "serve/forward_target.h"

namespace retake {

class CallRecorder;

// A call that an upstream answers: what one side says goes to the other, message by message, each asked for
// when the one before is on its way. So neither side is read faster than the other takes it. Where the target
// has a recorder, that is told first: in the recording nothing stands before what led to it.
class Bridge final : public CallHandler {
 public:
  // `why` nothing recorded answers; empty where nothing was asked. The call outlives it.
  Bridge(ClientCall& call, ForwardTarget target, std::string why);

  // What the client did before it is handed over.
  void clientSaid(const grpc::ByteBuffer& message) { m_first = message; }
  void clientHalfClosed() { m_halfClosed = true; }

  void begin() override;
  void message(grpc::ByteBuffer& message) override;
  void halfClosed() override;
  void written() override { m_upstream->read(); }
  ReplayEvent::Outcome abandoned(bool byClient) override;
  bool close() override { return m_over; }

 private:
  void beginRecording(Metadata metadata);
  void send(grpc::ByteBuffer message);
  void halfClose();
  void received(grpc::ByteBuffer& message);
  bool recorded(bool isSent, grpc::ByteBuffer& message);
  bool isPastDeadline() const;
  void upstreamEnded(ForwardedCall::End end);
  void recordEnd(const ForwardedCall::End& end);
  std::optional<std::string> textForLog(const ForwardedCall::End& end) const;

  ClientCall& m_call;
  const ForwardTarget m_target;
  const std::string m_why;
  const std::optional<std::chrono::system_clock::time_point> m_deadline;
  std::chrono::system_clock::time_point m_began;
  std::shared_ptr<CallRecorder> m_recorder;  // null: it is not recorded
  std::shared_ptr<ForwardedCall> m_upstream;
  std::optional<grpc::ByteBuffer> m_first;
  bool m_writing = false;  // to the upstream
  bool m_halfClosed = false;
  enum class Left : std::uint8_t { No, ByClient, ByUs };
  Left m_left = Left::No;  // before the upstream's end
  bool m_over = false;     // nothing of the upstream comes any more
};

}  // namespace retake
