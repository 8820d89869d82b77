#include "serve/serving.h"

#include <vector>

namespace retake {

bool Serving::enter(LiveCall& call) {
  const std::lock_guard lock(m_callsMutex);
  if (m_closed) return false;
  call.m_next = m_first;
  if (m_first) m_first->m_previous = &call;
  m_first = &call;
  ++m_underWay;
  return true;
}

void Serving::leave(LiveCall& call) {
  const std::lock_guard lock(m_callsMutex);
  (call.m_previous ? call.m_previous->m_next : m_first) = call.m_next;
  if (call.m_next) call.m_next->m_previous = call.m_previous;
  if (--m_underWay == 0) m_idle.notify_all();
}

std::uint32_t Serving::callsUnderWay() const {
  const std::lock_guard lock(m_callsMutex);
  return m_underWay;
}

void Serving::close() {
  const std::lock_guard lock(m_callsMutex);
  m_closed = true;
  m_closedOverCalls = m_underWay > 0;
}

bool Serving::closedOverCalls() const {
  const std::lock_guard lock(m_callsMutex);
  return m_closedOverCalls;
}

bool Serving::waitUntilIdle(std::chrono::milliseconds bound) {
  std::unique_lock lock(m_callsMutex);
  return m_idle.wait_for(lock, bound, [this] { return m_underWay == 0; });
}

void Serving::forEachCall(void (LiveCall::*act)()) {
  std::vector<CallRef> calls;
  {
    const std::lock_guard lock(m_callsMutex);
    calls.reserve(m_underWay);
    for (LiveCall* call = m_first; call; call = call->m_next) calls.emplace_back(*call);
  }
  for (const CallRef& call : calls) ((*call).*act)();
}

void Serving::setUpstream(std::shared_ptr<const OpenUpstream> upstream) {
  {
    const std::lock_guard lock(m_upstreamMutex);
    m_upstream.swap(upstream);
  }
  // The one before goes here, with its channel, where no call uses it any more.
}

std::shared_ptr<const OpenUpstream> Serving::upstream() const {
  const std::lock_guard lock(m_upstreamMutex);
  return m_upstream;
}

void Serving::setRecorder(std::shared_ptr<Recorder> recorder) {
  {
    const std::lock_guard lock(m_upstreamMutex);
    m_recorder.swap(recorder);
  }
  // The one before may go here, which takes as long as the disk does.
}

std::shared_ptr<Recorder> Serving::recorder() const {
  const std::lock_guard lock(m_upstreamMutex);
  return m_recorder;
}

void Serving::count(ReplayEvent::Outcome outcome) {
  if (outcome == ReplayEvent::Outcome::Served) m_served.fetch_add(1, std::memory_order_relaxed);
  if (outcome == ReplayEvent::Outcome::Missed) m_missed.fetch_add(1, std::memory_order_relaxed);
  if (outcome == ReplayEvent::Outcome::Forwarded) m_forwarded.fetch_add(1, std::memory_order_relaxed);
  if (outcome == ReplayEvent::Outcome::Aborted) m_aborted.fetch_add(1, std::memory_order_relaxed);
}

ReplayReport Serving::report() const {
  return {.served = m_served,
          .missed = m_missed,
          .forwarded = m_forwarded,
          .aborted = m_aborted,
          .neverAskedFor = m_replayer->neverAskedFor()};
}

void Serving::log(const ReplayEvent& event) {
  const std::lock_guard lock(m_logMutex);
  if (m_log) m_log(event);
}

void Serving::closeLog() {
  const std::lock_guard lock(m_logMutex);
  m_log = nullptr;
  m_hasLog = false;
}

}  // namespace retake
