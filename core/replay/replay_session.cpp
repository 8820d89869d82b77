#include <cassert>

#include "replay/replayer.h"

namespace retake {
namespace {

// How long a stream that may begin with either side waits for the client: longer than a message takes from a
// client that sends at once, shorter than a person notices.
constexpr std::chrono::milliseconds kChoiceWait(250);
// As in CallPlayer: a client that is silent for so long gets the messages that are recorded next.
constexpr std::chrono::milliseconds kSilence(1000);

}  // namespace

ReplaySession::ReplaySession(Replayer& replayer, std::shared_ptr<const ServedRecording> served,
                             std::string_view method, std::uint64_t sequence, std::shared_ptr<Waker> waker)
    : m_replayer(replayer),
      m_served(std::move(served)),
      m_name(method),
      m_sequence(sequence),
      m_waker(std::move(waker)) {}

void ReplaySession::opened(Reaction& out) {
  m_method = m_served->index().method(m_name);
  if (!m_method) return miss({.why = Miss::Why::NotRecorded}, {}, out);
  if (m_method->streams.count == 0) return;  // a unary call: its message says which
  // Headers at once where every candidate would send them; an error that comes first goes without.
  if (m_method->unary.count == 0 && !m_method->someFailFirst) out.headers = true;
  lookAhead(out);
}

// Nothing is chosen: sends what does not depend on the choice, chooses where nothing will tell any more,
// or sets the bound of the wait for a message.
void ReplaySession::lookAhead(Reaction& out) {
  for (;;) {
    const auto outlook = m_replayer.m_matcher.outlook(*m_served->cursors, *m_method, m_got);
    auto next = outlook.next;
    if (mayBeUnary() && (next == Matcher::Next::Recv || next == Matcher::Next::Differ))
      next = Matcher::Next::Mixed;  // a unary call begins with a message
    switch (next) {
      case Matcher::Next::Recv:
        share(outlook.call, out);
        continue;
      case Matcher::Next::Differ:
        take(m_replayer.m_matcher.takeStreamUnseen(*m_served->cursors, *m_method, m_got,
                                                   Matcher::Prefer::RecvNext, m_sequence),
             {}, out);
        return;
      case Matcher::Next::Mixed:
        m_wait = Wait::Choice;
        return out.arm(kChoiceWait);
      case Matcher::Next::Send:
        if (m_got.count == 0) return;  // it cannot begin otherwise, so it waits for its message
        m_wait = Wait::Silence;
        return out.arm(kSilence);
      case Matcher::Next::Nothing:
        // All are used up. A message would tell which; one that need not come is not waited for long.
        if (m_method->beginWithRecv == MatchIndex::kNone) return;
        m_wait = Wait::Choice;
        return out.arm(kChoiceWait);
    }
  }
}

void ReplaySession::share(std::uint32_t call, Reaction& out) {
  const Recording& recording = *m_served->recording;
  std::uint32_t skip = m_got.count;
  for (const std::uint32_t position : (*m_served->calls)[call].rest) {
    if (recording.info(position).kind != EntryKind::Recv || skip-- > 0) continue;
    const auto entry = recording.entry(position);
    m_got = {m_got.count + 1, leadingKey(m_got.key, entry ? entry->fields.message : ByteView())};
    out.messages.push_back(position);
    return;
  }
  assert(false && "the index knows of a RECV that is not there");
}

bool ReplaySession::take(const Matcher::Answer& answer, ByteView message, Reaction& out) {
  if (const Miss* missed = std::get_if<Miss>(&answer)) {
    miss(*missed, message, out);
    return false;
  }
  m_taken = std::get<Matcher::Taken>(answer);
  m_wait = Wait::None;
  out.timer = Reaction::Timer::Stop;
  if (m_taken->guessed)
    out.notes.push_back("call " + std::to_string(callNumber()) +
                        " matched by a guess: its request holds the same fields in another order, which is "
                        "equal if they are a map; a schema would tell");
  m_player.emplace(m_served, m_taken->call, m_served->policy.strictStreams);
  m_player->begin(m_got.count, out);
  return true;
}

void ReplaySession::miss(const Miss& miss, ByteView message, Reaction& out) {
  m_over = true;
  out.timer = Reaction::Timer::Stop;
  out.miss = MissedCall{.miss = miss,
                        .method = std::string(m_name),
                        .isStream = m_method && m_method->unary.count == 0,
                        .sent = message.data() ? std::make_shared<const std::string>(message) : nullptr};
}

void ReplaySession::message(ByteView message, Reaction& out) {
  if (m_over) return;
  if (m_player) return m_player->message(message, false, out);
  std::optional<Miss> unaryMiss;
  if (mayBeUnary()) {
    const auto answer =
        m_replayer.m_matcher.takeUnary(*m_served->cursors, *m_served->schema, *m_method, message, m_sequence);
    if (std::holds_alternative<Matcher::Taken>(answer)) {
      take(answer, message, out);
      return;
    }
    unaryMiss = std::get<Miss>(answer);
    if (m_method->streams.count == 0) return miss(*unaryMiss, message, out);
  }
  const auto answer = m_replayer.m_matcher.takeStream(*m_served->cursors, *m_served->schema, *m_method, m_got,
                                                      message, m_sequence);
  if (unaryMiss && unaryMiss->why == Miss::Why::UsedUp && std::holds_alternative<Miss>(answer))
    return miss(*unaryMiss, message, out);
  if (take(answer, message, out)) m_player->message(message, true, out);
}

void ReplaySession::halfClosed(Reaction& out) {
  if (m_over) return;
  if (!m_player) {
    const auto answer = m_replayer.m_matcher.takeStreamUnseen(*m_served->cursors, *m_method, m_got,
                                                              Matcher::Prefer::WithoutSends, m_sequence);
    if (!take(answer, {}, out)) return;
  }
  m_player->halfClosed(out);
}

void ReplaySession::timerFired(Reaction& out) {
  if (m_over) return;
  if (m_player) return m_player->timerFired(out);
  if (m_wait == Wait::None) return;
  const bool silence = m_wait == Wait::Silence;
  const auto answer = m_replayer.m_matcher.takeStreamUnseen(*m_served->cursors, *m_method, m_got,
                                                            Matcher::Prefer::RecvNext, m_sequence);
  if (!take(answer, {}, out)) return;
  out.notes.push_back(std::string("no message for ") + (silence ? "1 second" : "250 ms") + ": call " +
                      std::to_string(callNumber()) + " is played, the first that may begin without one");
  if (silence) m_player->releaseMessages(out);
}

void ReplaySession::woken(Reaction&) {}

ReplayEvent::Outcome ReplaySession::cancelled() const {
  return m_player && m_player->waitsForClientsEnd() ? ReplayEvent::Outcome::Served
                                                    : ReplayEvent::Outcome::Aborted;
}

Result<Blob> ReplaySession::payload(std::uint32_t position) const {
  auto entry = m_served->recording->entry(position);
  if (!entry) return entry.error();
  if (entry->fields.isError) return Blob{};  // an error that is OK: a reply without fields
  return Blob{entry->fields.message, entry->bytes.owner};
}

}  // namespace retake
