#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "serve/builtin_service.h"
#include "serve/replay_service.h"

namespace retake {

// One call of a built-in service on the wire: reads a message, sends what the BuiltinCall says to it, reads
// the next. Never counted; logged when it is over. Calls Finish exactly once, and deletes itself in OnDone.
class BuiltinReactor final : public grpc::ServerGenericBidiReactor {
 public:
  // Both outlive OnDone.
  BuiltinReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context,
                 std::unique_ptr<BuiltinCall> call);
  // Begins. Refuses the call when the server is stopping.
  void start();
  // The server stops: ends with UNAVAILABLE. Does nothing to a call that is over.
  void stop();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  ~BuiltinReactor() override = default;
  // With m_mutex held.
  void send(BuiltinReply reply);
  void finish(const ServedStatus& status, ReplayEvent::Outcome outcome = ReplayEvent::Outcome::Served,
              const grpc::ByteBuffer* last = nullptr);

  const std::shared_ptr<Serving> m_serving;
  const ReplayService& m_service;
  grpc::GenericCallbackServerContext& m_context;
  const std::unique_ptr<BuiltinCall> m_call;
  const std::uint64_t m_sequence;
  const std::chrono::system_clock::time_point m_began;
  const std::chrono::steady_clock::time_point m_beganSteady;
  bool m_entered = false;

  std::mutex m_mutex;
  grpc::ByteBuffer m_read;
  grpc::ByteBuffer m_write;
  bool m_finished = false;
};

}  // namespace retake
