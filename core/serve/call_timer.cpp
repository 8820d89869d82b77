#include "serve/call_timer.h"

#include "base/tsan.h"

namespace retake {
namespace {

// Calls `act` on a thread of gRPC's, after a time or as soon as the Alarm is destroyed, and keeps the call's
// object until then.
std::unique_ptr<grpc::Alarm> alarm(ClientCall& call, std::chrono::milliseconds after,
                                   std::function<void()> act) {
  const gpr_timespec deadline =
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(after.count(), GPR_TIMESPAN));
  auto made = std::make_unique<grpc::Alarm>();
  // Not a CallRef: the Alarm keeps the function, and the call the Alarm.
  call.retain();
  made->Set(deadline, [&call, act = std::move(act)](bool) {
    {
      const TsanScope tsan(&call);
      act();
    }
    call.release();
  });
  return made;
}

}  // namespace

void CallTimer::arm(std::chrono::milliseconds after) {
  m_due = Clock::now() + after;
  // A chat arms a timer with every message: one that fires too early is cheaper than a new one each time.
  if (!m_alarm || *m_due < m_alarmAt) set();
}

void CallTimer::set() {
  m_alarmAt = *m_due;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_alarmAt - Clock::now());
  m_alarm = alarm(m_call, std::max(left, std::chrono::milliseconds(0)),
                  [this, generation = ++m_generation] { alarmFired(generation); });
}

void CallTimer::alarmFired(std::uint64_t generation) {
  const auto lock = m_call.lock();
  if (generation != m_generation) return;
  m_alarm.reset();
  if (!m_due || m_call.isOver()) return;
  if (*m_due > Clock::now()) return set();
  m_due.reset();
  m_fired();
}

void CallTimer::close() {
  ++m_generation;
  m_due.reset();
  m_alarm.reset();
}

void CallWaker::wake() {
  const std::lock_guard lock(m_mutex);
  if (!m_call || m_pending) return;
  m_pending = true;
  // The call holds this until the alarm has let go of it.
  m_alarm = alarm(*m_call, std::chrono::milliseconds(0), [this, call = m_call] {
    {
      const std::lock_guard pending(m_mutex);
      m_pending = false;
    }
    const auto held = call->lock();
    if (!call->isOver()) m_woken();
  });
}

void CallWaker::forget() {
  const std::lock_guard lock(m_mutex);
  m_call = nullptr;
}

}  // namespace retake
