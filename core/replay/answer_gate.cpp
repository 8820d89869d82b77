#include "replay/answer_gate.h"

#include <vector>

namespace retake {

void AnswerGate::unlink(Place& place) {
  if (place.m_held) m_held.erase(place.m_at);
  place.m_held = false;
}

bool AnswerGate::lets(Place& place, const WakerSource& waker) {
  const std::lock_guard lock(m_mutex);
  place.m_asked = true;
  if (!isPaused() || place.m_released) {
    unlink(place);
    place.m_released = false;
    place.m_asked = false;
    return true;
  }
  if (!place.m_held) {
    place.m_waker = waker ? waker() : nullptr;
    place.m_at = m_held.insert(m_held.end(), &place);
    place.m_held = true;
  }
  return false;
}

void AnswerGate::forget(Place& place) {
  const std::lock_guard lock(m_mutex);
  unlink(place);
  place.m_released = false;
  place.m_asked = false;
}

void AnswerGate::setPaused(bool paused) {
  std::vector<std::shared_ptr<Waker>> wakers;
  {
    const std::lock_guard lock(m_mutex);
    m_paused = paused;
    if (paused) return;
    for (Place* place : m_held) {
      place->m_held = false;
      wakers.push_back(place->m_waker);
    }
    m_held.clear();
  }
  for (const auto& waker : wakers)
    if (waker) waker->wake();
}

bool AnswerGate::step() {
  std::shared_ptr<Waker> waker;
  {
    const std::lock_guard lock(m_mutex);
    if (m_held.empty()) return false;
    Place& oldest = *m_held.front();
    unlink(oldest);
    oldest.m_released = true;
    waker = oldest.m_waker;
  }
  if (waker) waker->wake();
  return true;
}

std::size_t AnswerGate::held() const {
  const std::lock_guard lock(m_mutex);
  return m_held.size();
}

}  // namespace retake
