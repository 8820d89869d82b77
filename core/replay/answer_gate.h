#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>

#include "replay/waker.h"

namespace retake {

// Where answers wait while a person has paused a server: all sessions of a Replayer share one. An answer is
// a message or an end; each session has at most one here, its next. A miss does not wait. Safe to use from
// any thread.
class AnswerGate {
 public:
  // From now on answers wait, or no more: then all that are held go out.
  void setPaused(bool paused);
  bool isPaused() const { return m_paused.load(std::memory_order_relaxed); }
  // Lets the answer go out that has been held longest, of whichever call. False when none is held.
  bool step();
  std::size_t held() const;

  // For a session: its place among those that wait.
  class Place {
   public:
    explicit Place(AnswerGate& gate) : m_gate(gate) {}
    ~Place() { leave(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    // Whether its next answer goes out now. If not, the waker is woken when it may be worth another try.
    bool lets(const WakerSource& waker) {
      // Whoever pauses meanwhile comes a moment too late, as he would had the answer gone out before.
      if (!m_asked && !m_gate.isPaused()) return true;
      return m_gate.lets(*this, waker);
    }
    // It has no answer to give any more.
    void leave() {
      if (m_asked) m_gate.forget(*this);
    }

   private:
    friend class AnswerGate;
    AnswerGate& m_gate;
    bool m_asked = false;  // the session's own; the rest is the gate's
    bool m_held = false;
    bool m_released = false;
    std::shared_ptr<Waker> m_waker;
    std::list<Place*>::iterator m_at;
  };

 private:
  bool lets(Place& place, const WakerSource& waker);
  void forget(Place& place);
  void unlink(Place& place);

  std::atomic<bool> m_paused{false};
  mutable std::mutex m_mutex;
  std::list<Place*> m_held;  // the oldest first
};

}  // namespace retake
