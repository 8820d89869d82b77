#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "replay/replayer.h"
#include "serve/replay_service.h"
#include "serve/serving.h"

namespace retake {

// One call of a client on the wire: tells a ReplaySession what happens and does what it says, one write at
// a time. gRPC calls it from several threads at once. It owns its buffers, calls Finish exactly once
// whatever happens, and deletes itself when gRPC is done with it (OnDone) and no timer holds it any more.
class CallReactor final : public grpc::ServerGenericBidiReactor, private LiveCall {
 public:
  // Both outlive OnDone.
  CallReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context);
  // Begins; afterwards the object may be gone. Refuses the call when the server is stopping.
  void start();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  using Clock = std::chrono::steady_clock;

  ~CallReactor() override = default;
  void terminate() override;
  void cutOff() override;
  void retain() override { m_references.fetch_add(1, std::memory_order_relaxed); }
  void release() override {
    if (m_references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  // All of these with m_mutex held.
  void react(Reaction& reaction);
  void pump();
  void finish(const ReplayEnd& end, const grpc::ByteBuffer* last);
  void abandon(ReplayEvent::Outcome outcome, grpc::Status status);
  void setTimer(const Reaction& reaction);
  void armAlarm();
  void note(std::string text);
  void conclude(ReplayEvent::Outcome outcome, std::int32_t code, const std::string& text);
  ReplayEvent event(ReplayEvent::Kind kind) const;

  void alarmFired(std::uint64_t generation);

  // A timer may be the last to hold this object, when service and server are gone.
  const std::shared_ptr<Serving> m_serving;
  const ReplayService& m_service;                 // until OnDone
  grpc::GenericCallbackServerContext& m_context;  // until OnDone
  const std::uint64_t m_sequence;
  std::chrono::system_clock::time_point m_began;
  Clock::time_point m_beganSteady;

  std::atomic<int> m_references{1};  // gRPC's own, until OnDone
  std::mutex m_mutex;
  ReplaySession m_session;
  grpc::ByteBuffer m_read;
  grpc::ByteBuffer m_write;
  std::vector<std::uint32_t> m_queue;  // positions of entries to send
  std::size_t m_queueAt = 0;
  std::optional<ReplayEnd> m_end;
  std::shared_ptr<const Explanation> m_explanation;
  bool m_entered = false;
  bool m_headersSent = false;
  bool m_writing = false;
  bool m_finished = false;  // Finish was called
  bool m_done = false;      // OnDone was

  std::unique_ptr<grpc::Alarm> m_alarm;
  std::uint64_t m_alarmGeneration = 0;
  Clock::time_point m_alarmAt;
  std::optional<Clock::time_point> m_due;  // when the session wants to be told; not before m_alarmAt
};

}  // namespace retake
