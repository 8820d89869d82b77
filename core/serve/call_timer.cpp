#include "serve/call_timer.h"

namespace retake {

void CallTimer::arm(std::chrono::milliseconds after) {
  m_due = Clock::now() + after;
  // A chat arms a timer with every message: one that fires too early is cheaper than a new one each time.
  if (!m_queued || *m_due < m_queued->first) set();
}

void CallTimer::set() {
  if (m_queued) TimerQueue::instance().cancel(*m_queued);
  m_queued = TimerQueue::instance().at(*m_due, m_call,
                                       [this, generation = ++m_generation] { queueFired(generation); });
}

void CallTimer::queueFired(std::uint64_t generation) {
  const auto lock = m_call.lock();
  if (generation != m_generation) return;
  m_queued.reset();
  if (!m_due || m_call.isOver()) return;
  if (*m_due > Clock::now()) return set();
  m_due.reset();
  m_fired();
}

void CallTimer::close() {
  ++m_generation;
  m_due.reset();
  if (m_queued) TimerQueue::instance().cancel(*m_queued);
  m_queued.reset();
}

void CallWaker::wake() {
  const std::lock_guard lock(m_mutex);
  if (!m_call || m_pending) return;
  m_pending = true;
  TimerQueue::instance().at(TimerQueue::Clock::now(), *m_call, [this, call = m_call] {
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
