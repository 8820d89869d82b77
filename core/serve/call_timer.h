#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "replay/waker.h"
#include "serve/client_call.h"
#include "serve/timer_queue.h"

namespace retake {

// A timer of a call, part of its object. All of it with the call's mutex held, `fired` too.
class CallTimer {
 public:
  CallTimer(ClientCall& call, std::function<void()> fired) : m_call(call), m_fired(std::move(fired)) {}

  // In place of what it was armed for before.
  void arm(std::chrono::milliseconds after);
  void stop() { m_due.reset(); }
  // Never fires again, and lets go of the call.
  void close();

 private:
  using Clock = TimerQueue::Clock;
  void set();
  void queueFired(std::uint64_t generation);

  ClientCall& m_call;
  const std::function<void()> m_fired;
  std::optional<TimerQueue::Key> m_queued;
  std::uint64_t m_generation = 0;
  std::optional<Clock::time_point> m_due;  // not before what is queued
};

// Wakes a call on a thread of its own, never on that of the caller: so that may hold whatever locks it likes,
// those of other calls too. Wakes that come before the call has woken are one.
class CallWaker final : public Waker {
 public:
  // `woken` is called with the call's mutex held.
  CallWaker(ClientCall& call, std::function<void()> woken) : m_call(&call), m_woken(std::move(woken)) {}
  void wake() override;
  // The call's object may go.
  void forget();

 private:
  std::mutex m_mutex;  // only the timer queue's is locked below it
  ClientCall* m_call;
  const std::function<void()> m_woken;
  bool m_pending = false;
};

}  // namespace retake
