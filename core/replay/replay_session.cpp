#include <cassert>

#include "recording/status_code.h"
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
                             std::string_view method, std::uint64_t sequence, WakerSource&& waker,
                             std::optional<Metadata>&& metadata)
    : m_replayer(replayer),
      m_served(std::move(served)),
      m_name(method),
      m_sequence(sequence),
      m_metadata(std::move(metadata)),
      m_method(methodOfClient()),
      m_pacer(*m_served, replayer.m_gate, replayer.m_order, std::move(waker), replayer.m_clock) {}

// The part of it that its metadata lead to, as they came, else as scrub rules make them.
const MatchIndex::Method* ReplaySession::methodOfClient() {
  const MatchIndex& index = m_served->index();
  if (!m_metadata) return index.method(m_name);
  if (m_served->terms) m_scrubbedMetadata = m_served->terms->scrub(live(), *m_metadata);
  if (m_scrubbedMetadata && !index.hasPart(m_name, *m_metadata))
    return index.method(m_name, *m_scrubbedMetadata);
  return index.method(m_name, *m_metadata);
}

void ReplaySession::opened(Reaction& out) {
  if (!m_method)
    return miss({.why = Miss::Why::NotRecorded, .leftOut = m_served->index().leftOutCalls(m_name)}, nullptr,
                out);
  m_pacer.opened();
  if (m_method->streams.recorded == 0) return;  // a unary call: its message says which
  if (m_method->unary.count == 0 && m_method->streams.count > 0) {
    m_pacer.openedStream(streams(), m_method->streamQueue());
    // Where all are used up an upstream answers, whose headers are its own.
    if (m_served->policy.extra != ExtraCalls::Fail &&
        m_replayer.m_matcher.outlook(*m_served->cursors, *m_method, m_got).next == Matcher::Next::Nothing)
      return lookAhead(out);
    // Headers at once where every candidate would send them, and the same; an error that comes first goes
    // without.
    if (m_served->headers) {
      const auto& agreed =
          m_served->headers->of(*m_served->recording, *m_served->calls, streams(), m_method->streamQueue());
      if (allBeginWith(agreed)) sendHeaders(agreed.first, out);
    } else if (!m_method->someFailFirst) {
      sendHeaders({}, out);
    }
  }
  lookAhead(out);
}

// Whether those whose metadata is not recorded do too, where they may answer as well.
bool ReplaySession::allBeginWith(const AgreedHeaders::Agreement& agreed) const {
  const MatchIndex::Method* other = m_method->otherwise;
  if (!agreed.all || !other || other->all == MatchIndex::kNone) return agreed.all;
  const auto& others = m_served->headers->of(*m_served->recording, *m_served->calls,
                                             m_served->index().queue(other->all), other->all);
  return others.all && others.first == agreed.first;
}

// Nothing is chosen: sends what does not depend on the choice, chooses where nothing will tell any more,
// or sets the bound of the wait for a message.
void ReplaySession::lookAhead(Reaction& out) {
  m_wait = Wait::None;
  for (;;) {
    const auto outlook = m_replayer.m_matcher.outlook(*m_served->cursors, *m_method, m_got);
    auto next = outlook.next;
    if (mayBeUnary() && (next == Matcher::Next::Recv || next == Matcher::Next::Differ))
      next = Matcher::Next::Mixed;  // a unary call begins with a message
    switch (next) {
      case Matcher::Next::Recv:
        if (share(outlook.call, out)) continue;
        return;
      case Matcher::Next::Differ:
        take(m_replayer.m_matcher.takeStreamUnseen(*m_served->cursors, *m_method, m_got,
                                                   Matcher::Prefer::RecvNext, m_sequence),
             nullptr, out);
        return;
      case Matcher::Next::Mixed:
        m_wait = Wait::Choice;
        return out.arm(kChoiceWait);
      case Matcher::Next::Send:
        if (m_got.count == 0) {  // it cannot begin otherwise, so it waits for its message
          if (m_headersOut || !m_served->headers || m_method->someFailFirst) return;
          m_wait = Wait::Headers;  // unless it waits for the headers itself
          return out.arm(kSilence);
        }
        m_wait = Wait::Silence;
        return out.arm(kSilence);
      case Matcher::Next::Nothing:
        // All are used up. A message would tell which; one that need not come is not waited for long.
        if (m_method->someBeginWithRecv) {
          m_wait = Wait::Choice;
          return out.arm(kChoiceWait);
        }
        if (m_served->policy.extra == ExtraCalls::Fail) return;
        m_wait = Wait::Silence;  // the client may wait for an upstream's headers first
        return out.arm(kSilence);
    }
  }
}

// Sends the next RECV, which is that of `call` and of every other candidate. False when it is not due.
bool ReplaySession::share(std::uint32_t call, Reaction& out) {
  const Recording& recording = *m_served->recording;
  const Call candidate = (*m_served->calls)[call];
  std::uint32_t skip = m_got.count;
  for (const std::uint32_t position : candidate.rest) {
    if (recording.info(position).kind != EntryKind::Recv || skip-- > 0) continue;
    if (extrasOf(recording, position).halfClosedBefore) {
      m_wait = Wait::Silence;
      out.arm(kSilence);
      return false;
    }
    m_pacer.supposes(candidate);
    if (!m_pacer.isDue(position, out) || !m_pacer.passesGate(out)) {
      m_wait = Wait::Pace;
      return false;
    }
    const auto entry = recording.entry(position);
    m_got = {m_got.count + 1, leadingKey(m_got.key, entry ? entry->fields.message : ByteView())};
    sendHeaders(recordedHeaders(recording, candidate), out);
    out.messages.push_back(position);
    return true;
  }
  assert(false && "the index knows of a RECV that is not there");
  return false;
}

void ReplaySession::beginWithHeaders(const Call& call, Reaction& out) {
  const Recording& recording = *m_served->recording;
  const auto recorded = recordedHeaders(recording, call);
  if (m_headersOut) {
    if (recorded != m_headers)
      out.notes.push_back("the headers went out before it was known that recorded call " +
                          std::to_string(call.number) + " is played, and are not its own");
    out.headers = out.headers || (call.isStream() && sendsHeaders(recording, call));
  } else if (call.isStream() ? sendsHeaders(recording, call) : recorded.has_value()) {
    sendHeaders(recorded, out);
    // Those of a unary answer come with it; an error would go without.
    if (!call.isStream()) out.headers = recording.info(*firstAnswer(recording, call)).isError;
  }
}

void ReplaySession::sendHeaders(const std::optional<Metadata>& recorded, Reaction& out) {
  if (m_headersOut) return;
  m_headersOut = true;
  m_headers = recorded;
  out.headers = true;
  if (!recorded) return;
  out.metadata = sendable(*recorded, out.notes);
  if (!m_served->terms) return;
  std::optional<std::uint32_t> position;
  if (m_taken) position = firstAnswer(*m_served->recording, (*m_served->calls)[m_taken->call]);
  out.metadata = terms().headers(position, *std::move(out.metadata));
}

bool ReplaySession::take(const Matcher::Answer& answer, const ClientMessage* message, Reaction& out) {
  if (const Miss* missed = std::get_if<Miss>(&answer)) {
    miss(*missed, message, out);
    return false;
  }
  m_taken = std::get<Matcher::Taken>(answer);
  m_wait = Wait::None;
  out.timer = Reaction::Timer::Stop;
  if (m_taken->guessed)
    out.notes.push_back("recorded call " + std::to_string(callNumber()) +
                        " matched by a guess: its request holds the same fields in another order, which is "
                        "equal if they are a map; a schema would tell");
  const Call call = (*m_served->calls)[m_taken->call];
  m_pacer.took(call);
  m_player.emplace(*m_served, call, m_taken->scrubbed, m_pacer);
  beginWithHeaders(call, out);
  m_player->begin(m_got.count, out);
  return true;
}

void ReplaySession::miss(const Miss& miss, const ClientMessage* message, Reaction& out) {
  m_over = true;
  m_pacer.leave();
  out.timer = Reaction::Timer::Stop;
  out.miss = std::make_unique<MissedCall>(
      MissedCall{.miss = miss,
                 .method = std::string(m_name),
                 .isStream = m_method && m_method->unary.recorded == 0,
                 .sent = message ? std::make_shared<const std::string>(message->told()) : nullptr,
                 .metadata = m_scrubbedMetadata ? m_scrubbedMetadata : m_metadata,
                 .rules = m_served->rules()});
}

void ReplaySession::message(ByteView message, Reaction& out) {
  if (m_over) return;
  std::string changed;
  if (m_replayer.m_beforeMatch) {
    if (!changeByHook(message, changed, out)) return;
    message = changed;
  }
  std::optional<std::string> scrubbed;
  if (m_served->terms) {
    scrubbed = m_served->terms->scrub(live(), message);
    if (auto notice = m_served->terms->notice()) out.notes.push_back(*std::move(notice));
  }
  const ClientMessage sent(message, scrubbed);
  if (m_player) return m_player->message(sent, false, out);
  choose(sent, out);
}

// False when the hook has failed the call.
bool ReplaySession::changeByHook(ByteView message, std::string& changed, Reaction& out) {
  auto given = m_replayer.m_beforeMatch({m_name, ++m_received, message, *m_metadata});
  if (given) {
    changed = *std::move(given);
    return true;
  }
  m_over = true;
  m_pacer.leave();
  out.finish({status_code::kUnknown, given.error().message, {}}, ReplayEvent::Outcome::Missed);
  return false;
}

void ReplaySession::choose(const ClientMessage& message, Reaction& out) {
  std::optional<Miss> unaryMiss;
  if (mayBeUnary()) {
    const auto answer =
        m_replayer.m_matcher.takeUnary(*m_served->cursors, *m_served->schema, *m_method, message, m_sequence);
    if (std::holds_alternative<Matcher::Taken>(answer)) {
      take(answer, &message, out);
      return;
    }
    unaryMiss = std::get<Miss>(answer);
    if (m_method->streams.count == 0) return miss(*unaryMiss, &message, out);
  }
  const auto answer = m_replayer.m_matcher.takeStream(*m_served->cursors, *m_served->schema, *m_method, m_got,
                                                      message, m_sequence);
  if (unaryMiss && unaryMiss->why == Miss::Why::UsedUp && std::holds_alternative<Miss>(answer))
    return miss(*unaryMiss, &message, out);
  if (take(answer, &message, out)) m_player->message(message, true, out);
}

void ReplaySession::halfClosed(Reaction& out) {
  if (m_over) return;
  if (!m_player) {
    // A strict stream with a SEND is not this one; behind RECVs that went out it is, and lacks one.
    const bool strict = m_served->policy.strictStreams && m_got.count == 0;
    const auto prefer = strict ? Matcher::Prefer::NoSends : Matcher::Prefer::WithoutSends;
    const auto answer =
        m_replayer.m_matcher.takeStreamUnseen(*m_served->cursors, *m_method, m_got, prefer, m_sequence);
    if (!take(answer, nullptr, out)) return;
  }
  m_player->halfClosed(out);
}

void ReplaySession::timerFired(Reaction& out) {
  if (m_over) return;
  if (m_player) return m_player->timerFired(out);
  if (m_wait == Wait::None) return;
  if (m_wait == Wait::Pace) {
    m_pacer.timerFired(out);
    return lookAhead(out);
  }
  if (m_wait == Wait::Headers) {
    m_wait = Wait::None;
    const auto& agreed =
        m_served->headers->of(*m_served->recording, *m_served->calls, streams(), m_method->streamQueue());
    out.notes.push_back("no message for 1 second: the headers of the first stream go out");
    return sendHeaders(agreed.first, out);
  }
  const bool silence = m_wait == Wait::Silence;
  const auto answer = m_replayer.m_matcher.takeStreamUnseen(*m_served->cursors, *m_method, m_got,
                                                            Matcher::Prefer::RecvNext, m_sequence);
  if (!take(answer, nullptr, out)) return;
  out.notes.push_back(std::string("no message for ") + (silence ? "1 second" : "250 ms") +
                      ": recorded call " + std::to_string(callNumber()) +
                      " is played, the first that may begin without one");
  if (silence) m_player->releaseMessages(out);
}

void ReplaySession::woken(Reaction& out) {
  if (m_over) return;
  if (m_player) return m_player->woken(out);
  if (m_wait == Wait::Pace) lookAhead(out);
}

ReplayEvent::Outcome ReplaySession::cancelled() const {
  return m_player && m_player->waitsForClientsEnd() ? ReplayEvent::Outcome::Served
                                                    : ReplayEvent::Outcome::Aborted;
}

Result<Blob> ReplaySession::payload(std::uint32_t position) const {
  auto payload = m_served->recording->bytes(position);
  if (!payload) return payload;
  EntryFields fields;
  if (parseEntry(payload->view, fields)) return m_served->recording->entry(position).error();
  payload->view =
      fields.isError ? ByteView() : fields.message;  // an error that is OK: a reply without fields
  return m_served->terms ? terms().message(position, *std::move(payload)) : payload;
}

}  // namespace retake
