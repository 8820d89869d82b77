#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "replay/answer_gate.h"
#include "replay/causal_order.h"
#include "replay/reaction.h"
#include "replay/served_recording.h"

namespace retake {

// Where a session has its time from; tests have their own.
using ReplayClock = std::chrono::steady_clock::time_point (*)();

// Says of a session's next answer whether it goes out now: as the pace has it (policy.h), and while nobody
// has paused the server. The session asks before each answer, and again after its timer or its waker.
// Entries are given by their positions. Not thread-safe.
class Pacer {
 public:
  Pacer(const ServedRecording& served, AnswerGate& gate, CausalOrder& order, WakerSource&& waker,
        ReplayClock clock);
  ~Pacer();

  // What the client does.
  void opened();
  void openedStream(std::span<const MatchIndex::Slot> candidates, std::uint32_t queue);
  void supposes(const Call& call);  // it may be this call, as far as one knows
  void took(const Call& call);      // it is
  void sent();                      // another message of a stream
  void halfClosed();

  // The recording goes on behind the client's next message, whether it has come or not.
  void passed(std::uint32_t position);

  // Whether an answer is due. If not, `out` is armed, or the session is woken.
  bool isDue(std::uint32_t position, Reaction& out) {
    return m_causal ? isDueByCause(position, out) : !m_recorded || isDueByTime(position, out);
  }
  // And whether it may pass the gate.
  bool passesGate(Reaction& out) {
    if (m_gate.lets(m_waker)) return true;
    out.timer = Reaction::Timer::Stop;
    return false;
  }
  // The timer that isDue() armed has fired.
  void timerFired(Reaction& out);
  // The session has no answer to give any more.
  void leave();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  bool isDueByTime(std::uint32_t position, Reaction& out);
  bool isDueByCause(std::uint32_t position, Reaction& out);
  std::optional<std::int64_t> timeOf(std::uint32_t position) const;
  std::string nameOf(std::uint32_t position) const;
  void settleRest();

  // When the client did what the recording has last before the next answer, and where that stands.
  struct Recorded {
    TimePoint since{};
    std::uint32_t sinceEntry = 0;
    std::vector<TimePoint> arrivals = {};  // of messages
    std::size_t passed = 0;
    bool saidUntimed = false;
    std::uint32_t saidLong = 0;  // position + 1
  };
  struct Causal {
    CausalPlace place;
    std::optional<Call> call = {};
    std::size_t sentAt = 0;                      // in call->rest: behind the SEND that came last
    std::optional<std::uint32_t> waitsFor = {};  // the answer that is held
    TimePoint bound{};
  };

  const ServedRecording& m_served;
  CausalOrder& m_order;
  AnswerGate::Place m_gate;
  const WakerSource m_waker;
  ReplayClock m_clock;
  // Of the pace that is one of these; a session at no pace, as most are, stays small.
  std::unique_ptr<Recorded> m_recorded;
  std::unique_ptr<Causal> m_causal;
};

}  // namespace retake
