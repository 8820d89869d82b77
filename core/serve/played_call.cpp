#include "serve/played_call.h"

#include <functional>

#include "serve/byte_buffers.h"
#include "serve/call_log.h"
#include "serve/forwarding.h"
#include "serve/serving.h"

namespace retake {
namespace {

constexpr std::int32_t kUnknown = 2;

// How long a client that may wait for headers before it says anything waits for them, where a message of its
// own would decide whose headers it gets.
constexpr std::chrono::milliseconds kHeadersWait(250);

// How long a client that has missed waits for its explanation, which takes milliseconds as a rule. The first
// of a recording of a million calls may take longer, and so may one of a message of many megabytes.
constexpr std::chrono::milliseconds kExplanationWait(2000);

}  // namespace

PlayedCall::PlayedCall(ClientCall& call, Serving& serving, std::uint64_t sequence)
    : m_call(call),
      m_serving(serving),
      m_session(serving.replayer().open(
          call.method(), sequence, [this] { return waker(); }, [&call] { return call.metadata(); })) {}

template <typename Event>
void PlayedCall::tell(Event event) {
  Reaction reaction;
  // One queue serves all of a call's messages.
  if (m_queueAt == m_queue.size()) {
    m_queue.clear();
    m_queueAt = 0;
    m_queue.swap(reaction.messages);
  }
  std::invoke(event, m_session, reaction);
  react(reaction);
}

std::shared_ptr<Waker> PlayedCall::waker() {
  if (!m_waker)
    m_waker = std::make_shared<CallWaker>(m_call, [this] {
      if (!m_missed) tell(&ReplaySession::woken);
    });
  return m_waker;
}

void PlayedCall::armTimer(std::chrono::milliseconds after) {
  if (!m_timer)
    m_timer = std::make_unique<CallTimer>(m_call, [this] {
      if (m_missed) return explained(*m_missed);
      tell(&ReplaySession::timerFired);
    });
  m_timer->arm(after);
}

// A call that may be forwarded has no headers until it is chosen: they are the upstream's.
void PlayedCall::armHeadersTimer() {
  if (!m_headersTimer)
    m_headersTimer = std::make_unique<CallTimer>(m_call, [this] {
      if (m_missed || m_call.headersSent()) return;
      addHeaders();
      m_call.sendHeaders();
    });
  m_headersTimer->arm(kHeadersWait);
}

void PlayedCall::begin() {
  tell(&ReplaySession::opened);
  if (!m_missed) m_call.read();
}

void PlayedCall::message(grpc::ByteBuffer& message) {
  if (m_missed) return;
  grpc::Slice slice;
  if (!message.TrySingleSlice(&slice).ok() && !message.DumpToSingleSlice(&slice).ok()) {
    const ServedStatus unreadable{kUnknown, "retake: a message could not be read", {}};
    return m_call.finish({unreadable, ReplayEvent::Outcome::Aborted});
  }
  // Kept for the one moment in which it may be forwarded.
  const bool first = !m_gotFirst;
  m_gotFirst = true;
  if (first) m_first.Swap(&message);
  tell([&slice](ReplaySession& session, Reaction& reaction) { session.message(viewOf(slice), reaction); });
  if (first) m_first.Clear();
  if (!m_missed) m_call.read();
}

void PlayedCall::halfClosed() {
  if (m_missed) return;
  m_halfClosed = true;
  tell(&ReplaySession::halfClosed);
}

ReplayEvent::Outcome PlayedCall::abandoned(bool byClient) {
  m_session.closed();
  m_queue.clear();
  m_queueAt = 0;
  if (m_missed) return ReplayEvent::Outcome::Missed;
  return byClient ? m_session.cancelled() : ReplayEvent::Outcome::Aborted;
}

bool PlayedCall::close() {
  if (m_waker) m_waker->forget();
  if (m_timer) m_timer->close();
  if (m_headersTimer) m_headersTimer->close();
  return true;
}

void PlayedCall::react(Reaction& reaction) {
  m_call.log().setCall(m_session.call(), m_session.callNumber());
  for (std::string& text : reaction.notes) m_call.log().note(std::move(text));
  if (m_queue.empty())
    m_queue.swap(reaction.messages);
  else
    m_queue.insert(m_queue.end(), reaction.messages.begin(), reaction.messages.end());
  if (reaction.metadata) m_headers = reaction.metadata;
  if (reaction.end && !m_end) m_end = std::move(reaction.end);
  if (reaction.timer == Reaction::Timer::Stop && m_timer) m_timer->stop();
  if (reaction.timer == Reaction::Timer::Arm) armTimer(reaction.after);
  if (reaction.miss && !m_end) return missed(*std::move(reaction.miss));
  headers(reaction);
  pump();
}

void PlayedCall::headers(Reaction& reaction) {
  const bool chosen = m_session.callNumber() != 0;
  if (chosen && m_headersTimer) m_headersTimer->stop();
  if (!reaction.headers || m_call.headersSent()) return;
  // A write that goes out now brings the headers along. An end that comes alone goes without, unless the
  // recorded one had some.
  if (m_queueAt < m_queue.size() || (m_end && !reaction.metadata)) return;
  if (!chosen && m_session.served()->policy.extra == ExtraCalls::Forward) return armHeadersTimer();
  addHeaders();
  m_call.sendHeaders();
}

void PlayedCall::addHeaders() {
  if (!m_headers) return;
  m_metadataGiven = m_metadataGiven || !m_headers->empty();
  m_call.setHeaders(*m_headers);
  m_headers.reset();
}

void PlayedCall::pump() {
  if (m_call.isOver() || m_call.isWriting()) return;
  const bool nothing = m_queueAt == m_queue.size();
  if (nothing && !m_end) return;
  addHeaders();
  if (nothing) return m_call.finish(*std::move(m_end));
  const auto payload = m_session.payload(m_queue[m_queueAt++]);
  if (!payload) {
    const ServedStatus lost{kUnknown, "retake: " + payload.error().message, {}};
    return m_call.finish({lost, ReplayEvent::Outcome::Aborted});
  }
  m_messageGiven = true;
  grpc::ByteBuffer message = toByteBuffer(*payload);
  const bool joinsEnd = m_session.isUnary() || !m_call.endOvertakes();
  if (joinsEnd && m_queueAt == m_queue.size() && m_end) return m_call.finish(*std::move(m_end), &message);
  m_call.write(message);
}

void PlayedCall::missed(MissedCall missed) {
  m_missed = std::make_unique<const Explanation>(
      Explanation{.miss = missed.miss, .method = missed.method, .sent = missed.sent});
  if (m_session.served()->policy.extra == ExtraCalls::Forward) {
    auto upstream = m_serving.upstream();
    const std::string why = whyNotForwarded(missed, upstream.get());
    if (why.empty()) return forward(missed, std::move(upstream));
    m_also = " (not forwarded: " + why + ")";
  }
  const bool explaining = m_serving.explain(m_session.served(), std::move(missed),
                                            [call = CallRef(m_call), this](Explanation explanation) {
                                              const auto lock = m_call.lock();
                                              explained(std::move(explanation));
                                            });
  if (!explaining) return explained(*m_missed);
  armTimer(kExplanationWait);
  pump();  // what went out before it
}

void PlayedCall::explained(Explanation explanation) {
  if (m_end || m_call.isOver()) return;
  if (m_timer) m_timer->stop();
  m_end = endOfMiss(explanation, m_also);
  m_call.log().setExplanation(std::make_shared<const Explanation>(std::move(explanation)));
  pump();
}

std::string PlayedCall::whyNotForwarded(const MissedCall& missed, const ForwardTarget* upstream) const {
  if (!upstream) return "there is no upstream";
  if (hasComeBack(*upstream, m_call.metadata()))
    return "the upstream " + upstream->address + " leads back to this stand-in";
  if (missed.miss.why == Miss::Why::Diverged || missed.miss.why == Miss::Why::TooManyMessages)
    return "it had been matched before it went another way";
  if (m_messageGiven || m_queueAt < m_queue.size()) return "recorded messages had gone out before";
  if (m_metadataGiven) return "recorded headers had gone out before";
  return {};
}

void PlayedCall::forward(const MissedCall& missed, std::shared_ptr<const ForwardTarget> upstream) {
  // What it differs in is for the log alone, and may come too late.
  if (m_serving.hasLog())
    m_serving.explain(m_session.served(), missed, [call = CallRef(m_call), this](Explanation explanation) {
      const auto lock = m_call.lock();
      if (!m_call.isOver())
        m_call.log().setExplanation(std::make_shared<const Explanation>(std::move(explanation)));
    });
  if (m_headersTimer) m_headersTimer->stop();
  auto bridge = std::make_unique<Bridge>(m_call, std::move(upstream), statusText(*m_missed));
  if (m_gotFirst) bridge->clientSaid(m_first);
  if (m_halfClosed) bridge->clientHalfClosed();
  m_call.handOver(std::move(bridge));
}

}  // namespace retake
