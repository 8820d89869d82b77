#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "client/forwarded_call.h"
#include "client/upstream.h"
#include "serve/client_call.h"

namespace grpc {
class Channel;
}

namespace retake {

// Where calls go that nothing recorded answers.
struct ForwardTarget {
  std::string address;
  std::shared_ptr<grpc::Channel> channel;
  std::string mark;  // goes along with its calls, as metadata: one that has it has come back
};

// Whether a call with that metadata was forwarded to `target`, which leads back here.
bool hasComeBack(const ForwardTarget& target, const Metadata& metadata);

// Null for an upstream without an address.
Result<std::shared_ptr<const ForwardTarget>> openForwardTarget(const Upstream& upstream);

// A call that an upstream answers: what one side says goes to the other, message by message, each asked for
// when the one before is on its way. So neither side is read faster than the other takes it.
class Bridge final : public CallHandler {
 public:
  // `why` nothing recorded answers. The call outlives it.
  Bridge(ClientCall& call, std::shared_ptr<const ForwardTarget> target, std::string why);

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
  void upstreamEnded(ForwardedCall::End end);

  ClientCall& m_call;
  const std::shared_ptr<const ForwardTarget> m_target;
  const std::string m_why;
  std::shared_ptr<ForwardedCall> m_upstream;
  std::optional<grpc::ByteBuffer> m_first;
  bool m_writing = false;  // to the upstream
  bool m_halfClosed = false;
  bool m_over = false;  // nothing of the upstream comes any more
};

}  // namespace retake
