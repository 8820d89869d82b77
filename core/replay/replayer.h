#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "match/matcher.h"
#include "replay/answer_gate.h"
#include "replay/before_match.h"
#include "replay/call_player.h"
#include "replay/causal_order.h"
#include "replay/client_terms.h"
#include "replay/pacer.h"
#include "replay/reaction.h"
#include "replay/served_recording.h"
#include "replay/waker.h"

namespace retake {

class Replayer;

// The server's side of one call that a client makes, without a transport: it is told what happens and says
// what to do. Chooses the recorded call (serving.md, "Choosing"), then has a CallPlayer play it. Not
// thread-safe; must not outlive its Replayer.
class ReplaySession {
 public:
  // Each adds to `out`. After an end nothing more is asked for. opened() comes first, and once.
  void opened(Reaction& out);
  void message(ByteView message, Reaction& out);
  void halfClosed(Reaction& out);
  void timerFired(Reaction& out);
  // After Waker::wake().
  void woken(Reaction& out);

  // How the call is over when the client has cancelled or vanished.
  ReplayEvent::Outcome cancelled() const;
  // It is over, by whatever; nothing is waited for or held any more. Not needed where its session goes.
  void closed() { m_pacer.leave(); }

  // The bytes to send for an entry of Reaction::messages, in the client's terms.
  Result<Blob> payload(std::uint32_t position) const;
  // Of Reaction::miss.
  const std::shared_ptr<const ServedRecording>& served() const { return m_served; }
  // The recorded call, once it is chosen; none when it is missed.
  EntryId call() const { return m_taken ? m_taken->id : EntryId{}; }
  std::uint32_t callNumber() const { return m_taken ? m_taken->call + 1 : 0; }
  // That one is a unary call.
  bool isUnary() const { return m_player && !m_player->call().isStream(); }

 private:
  friend class Replayer;
  ReplaySession(Replayer& replayer, std::shared_ptr<const ServedRecording> served, std::string_view method,
                std::uint64_t sequence, WakerSource&& waker, std::optional<Metadata>&& metadata);

  enum class Wait : std::uint8_t {
    None,
    Choice,   // a message or the half-close, which choose; 250 ms
    Silence,  // likewise, behind RECVs that went out; a second
    Headers,  // likewise, while it is not known which headers go out; a second
    Pace      // for a RECV that candidates share to be due
  };

  bool allBeginWith(const AgreedHeaders::Agreement& agreed) const;
  void lookAhead(Reaction& out);
  bool share(std::uint32_t call, Reaction& out);
  void beginWithHeaders(const Call& call, Reaction& out);
  void sendHeaders(const std::optional<Metadata>& recorded, Reaction& out);
  std::span<const MatchIndex::Slot> streams() const {
    return m_served->index().queue(m_method->streamQueue());
  }
  bool take(const Matcher::Answer& answer, const ClientMessage* message, Reaction& out);
  void miss(const Miss& miss, const ClientMessage* message, Reaction& out);
  void choose(const ClientMessage& message, Reaction& out);
  bool changeByHook(ByteView message, std::string& changed, Reaction& out);
  const MatchIndex::Method* methodOfClient();
  Scrubber::Live live() const { return {.method = m_name, .metadata = m_metadata ? &*m_metadata : nullptr}; }
  ClientTerms terms() const { return {*m_served, m_name, m_taken && m_taken->scrubbed}; }
  bool mayBeUnary() const { return m_method->unary.count > 0 && m_got.count == 0; }

  Replayer& m_replayer;
  std::shared_ptr<const ServedRecording> m_served;
  std::string_view m_name;
  std::uint64_t m_sequence;
  std::optional<Metadata> m_metadata;  // of the client, where the policy compares it or a hook wants it
  std::optional<Metadata> m_scrubbedMetadata;  // likewise, where scrub rules change it
  const MatchIndex::Method* m_method;          // null: not recorded
  std::uint32_t m_received = 0;                // messages of the client, where a hook counts them
  SharedRecvs m_got;
  Wait m_wait = Wait::None;
  bool m_headersOut = false;
  std::optional<Metadata> m_headers;  // as recorded, of those that went out
  Pacer m_pacer;
  std::optional<Matcher::Taken> m_taken;
  std::optional<CallPlayer> m_player;
  bool m_over = false;
};

// Answers calls from a recording. All functions may be called from any thread.
class Replayer {
 public:
  static Result<std::unique_ptr<Replayer>> create(std::shared_ptr<const Recording> recording,
                                                  std::shared_ptr<const Schema> schema,
                                                  ReplayPolicy policy = {});

  // `method` is "/pkg.Service/Method" and outlives the session; `sequence` the number of the call, from 1.
  // `metadata` gives what the client sent (empty: nothing); it is asked before this returns, and only where
  // the policy compares metadata of the method, scrub rules are on, or there is a hook.
  ReplaySession open(std::string_view method, std::uint64_t sequence, WakerSource waker = {},
                     const std::function<Metadata()>& metadata = {});

  // Counts for sessions that are opened from now on. Gives the entries that changed.
  Result<std::vector<EntryId>> replace(std::shared_ptr<const Recording> recording,
                                       std::shared_ptr<const Schema> schema);
  // Likewise, but for Reuse, which counts from the next answer on. What was used stays used. Costs an index
  // where the rules of what is ignored or compared have changed.
  Result<void> setPolicy(const ReplayPolicy& policy);
  // Likewise; null: none. What was seen of clients' values stays known.
  Result<void> setRules(std::shared_ptr<const Scrubber> rules);
  // Why a call of `served` was missed. Takes a few milliseconds: not for a thread that serves.
  Explanation explain(const ServedRecording& served, const MissedCall& missed) const;
  void resetUsed() {
    m_matcher.reset();
    m_order.reset();
  }
  // Pause and step, for all sessions.
  AnswerGate& gate() { return m_gate; }
  // Before the first open(): where sessions have their time from.
  void useClock(ReplayClock clock) { m_clock = clock; }
  // Likewise.
  void useBeforeMatch(BeforeMatch hook) { m_beforeMatch = std::move(hook); }
  // Calls by number, ascending, that no client has asked for; without those that the index leaves out.
  std::vector<std::uint32_t> neverAskedFor() const;
  std::shared_ptr<const ServedRecording> served() const;

 private:
  friend class ReplaySession;
  explicit Replayer(const ReplayPolicy& policy) : m_matcher(policy.match.reuse) {}
  Result<void> serve(std::shared_ptr<const Recording> recording, std::shared_ptr<const Schema> schema,
                     const ReplayPolicy& policy, std::shared_ptr<SessionTerms> terms);

  std::mutex m_changing;                            // held while a snapshot is made of the one before
  std::shared_ptr<const SessionTerms> m_lastTerms;  // rules may be off for a while
  Matcher m_matcher;
  AnswerGate m_gate;
  CausalOrder m_order;
  ReplayClock m_clock = [] { return std::chrono::steady_clock::now(); };
  BeforeMatch m_beforeMatch;
  mutable std::mutex m_mutex;
  std::shared_ptr<const ServedRecording> m_served;
};

// What a client gets of a miss: UNIMPLEMENTED for a method that is not there, else UNKNOWN, as the Go
// packages have it; neither is retried. `also` stands behind the text.
ReplayEnd endOfMiss(const Explanation& explanation, std::string_view also = {});

}  // namespace retake
