#pragma once

#include <QTest>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client/forwarded_call.h"
#include "client/upstream.h"
#include "support/pinger_service.h"

// Live services on each kind of address, and calls to them step by step.
namespace retake::test {

// A column "transport" with a row each: TCP, Unix, TLS, mutual TLS.
void addTransports();
// The live service on that transport, and how it is reached.
struct LiveUpstream {
  explicit LiveUpstream(const QString& transport);
  std::unique_ptr<LivePinger> pinger;
  Upstream upstream;
};

// A ForwardedCall as one thread uses it: each step waits for its event.
class SteppedCall {
 public:
  SteppedCall(const std::shared_ptr<grpc::Channel>& channel, ForwardedCall::Begin begin);
  // Cancels what is not over, and waits for its end.
  ~SteppedCall();

  std::optional<std::string> read();  // empty: no further message comes
  bool write(const std::string& message);
  void halfClose() { m_call->halfClose(); }
  void cancel() { m_call->cancel(); }
  // Reads what is left.
  ForwardedCall::End end();

  // After the end, or a message.
  std::optional<Metadata> headers() const;
  ForwardedCall& call() { return *m_call; }

 private:
  struct State;
  const std::shared_ptr<State> m_state;
  std::shared_ptr<ForwardedCall> m_call;
};

// The messages of pinger.proto.
std::string pingRequest(const std::string& text, int count = 0);
std::string textOf(const std::string& pingReply);
// The first value of a key; empty without one.
std::string valueOf(const Metadata& metadata, const std::string& key);

}  // namespace retake::test
