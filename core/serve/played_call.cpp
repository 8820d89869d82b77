#include "serve/played_call.h"

#include <functional>
#include <utility>

#include "recording/status_code.h"
#include "serve/byte_buffers.h"
#include "serve/call_log.h"
#include "serve/forwarding.h"
#include "serve/serving.h"

namespace retake {
namespace {

// How long a client that may wait for headers before it says anything waits for them, where a message of its
// own would decide whose headers it gets.
constexpr std::chrono::milliseconds kHeadersWait(250);

constexpr std::size_t kKeptBytes = 64u << 10;

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
  if (allSent()) {
    m_due.messages.clear();
    m_sent = 0;
  }
  std::invoke(event, m_session, m_due);
  react();
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
  if (m_session.served()->policy.passThrough) return passThrough();
  tell(&ReplaySession::opened);
  if (!m_missed) m_call.read();
}

void PlayedCall::message(grpc::ByteBuffer& message) {
  if (m_missed) return;
  grpc::Slice slice;
  if (!message.TrySingleSlice(&slice).ok() && !message.DumpToSingleSlice(&slice).ok())
    return abort("a message could not be read");
  // Kept for the one moment in which it may be forwarded.
  const bool first = !m_gotFirst;
  m_gotFirst = true;
  if (first) m_first.Swap(&message);
  tell([&slice](ReplaySession& session, Reaction& due) { session.message(viewOf(slice), due); });
  // One that has been answered goes with the call, and not before its answer, unless it takes much room.
  if (first && (!m_call.isOver() || slice.size() > kKeptBytes)) m_first.Clear();
  if (!m_missed) m_call.read();
}

void PlayedCall::halfClosed() {
  if (m_missed) return;
  m_halfClosed = true;
  tell(&ReplaySession::halfClosed);
}

ReplayEvent::Outcome PlayedCall::abandoned(bool byClient) {
  m_session.closed();
  m_due.messages.clear();
  m_sent = 0;
  if (m_missed) return ReplayEvent::Outcome::Missed;
  return byClient ? m_session.cancelled() : ReplayEvent::Outcome::Aborted;
}

bool PlayedCall::close() {
  if (m_waker) m_waker->forget();
  if (m_timer) m_timer->close();
  if (m_headersTimer) m_headersTimer->close();
  return true;
}

void PlayedCall::react() {
  m_call.log().setCall(m_session.call(), m_session.callNumber());
  for (std::string& text : m_due.notes) m_call.log().note(std::move(text));
  m_due.notes.clear();
  const auto timer = std::exchange(m_due.timer, Reaction::Timer::Keep);
  if (timer == Reaction::Timer::Stop && m_timer) m_timer->stop();
  if (timer == Reaction::Timer::Arm) armTimer(m_due.after);
  const bool withMetadata = m_due.metadata.has_value();
  if (withMetadata) {
    m_headers = std::move(m_due.metadata);
    m_due.metadata.reset();
  }
  if (const auto miss = std::exchange(m_due.miss, nullptr)) return missed(std::move(*miss));
  if (m_headersTimer && m_session.callNumber() != 0) m_headersTimer->stop();
  if (std::exchange(m_due.headers, false) && !m_call.headersSent()) sendHeaders(withMetadata);
  pump();
}

void PlayedCall::sendHeaders(bool withMetadata) {
  // A write that goes out now brings the headers along. An end that comes alone goes without, unless the
  // recorded one had some.
  if (!allSent() || (m_due.end && !withMetadata)) return;
  const bool chosen = m_session.callNumber() != 0;
  if (!chosen && m_session.served()->policy.extra != ExtraCalls::Fail) return armHeadersTimer();
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
  const bool nothing = allSent();
  if (nothing && !m_due.end) return;
  addHeaders();
  if (nothing) return m_call.finish(*std::move(m_due.end));
  const auto payload = m_session.payload(m_due.messages[m_sent++]);
  if (!payload) return abort(payload.error().message);
  m_messageGiven = true;
  grpc::ByteBuffer message = toByteBuffer(*payload);
  // In memory an end that goes along with a message overtakes it, and the message is lost, unless the client
  // is reading: only that of a unary call always is.
  const bool joinsEnd = m_session.isUnary() || !m_call.isInMemory();
  if (joinsEnd && allSent() && m_due.end) return m_call.finish(*std::move(m_due.end), &message);
  m_call.write(message);
}

void PlayedCall::abort(const std::string& why) {
  m_call.finish({{status_code::kUnknown, "retake: " + why, {}}, ReplayEvent::Outcome::Aborted});
}

void PlayedCall::missed(MissedCall&& missed) {
  m_missed = std::make_unique<const Explanation>(
      Explanation{.miss = missed.miss, .method = missed.method, .sent = missed.sent});
  if (m_session.served()->policy.extra != ExtraCalls::Fail) {
    const ForwardTarget target = forwardTarget();
    const std::string why = whyNotForwarded(missed, target);
    if (why.empty()) return forward(missed, target);
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
  if (m_due.end || m_call.isOver()) return;
  if (m_timer) m_timer->stop();
  m_due.end = endOfMiss(explanation, m_also);
  m_call.log().setExplanation(std::make_shared<const Explanation>(std::move(explanation)));
  pump();
}

ForwardTarget PlayedCall::forwardTarget() const {
  const bool recorded = m_session.served()->policy.extra == ExtraCalls::Record;
  return {m_serving.upstream(), recorded ? m_serving.recorder() : nullptr, m_session.served()->rules()};
}

std::string PlayedCall::whyNotForwarded(const ForwardTarget& target) const {
  if (!target.upstream) return "there is no upstream";
  if (hasComeBack(*target.upstream, m_call.metadata()))
    return "the upstream " + target.upstream->address + " leads back to this stand-in";
  if (!target.recorder && m_session.served()->policy.extra == ExtraCalls::Record)
    return "it cannot be recorded";
  return {};
}

std::string PlayedCall::whyNotForwarded(const MissedCall& missed, const ForwardTarget& target) const {
  if (std::string why = whyNotForwarded(target); !why.empty()) return why;
  if (missed.miss.wasMatched()) return "it had been matched before it went another way";
  if (m_messageGiven || !allSent()) return "recorded messages had gone out before";
  if (m_metadataGiven) return "recorded headers had gone out before";
  return {};
}

void PlayedCall::passThrough() {
  m_session.closed();
  const ForwardTarget target = forwardTarget();
  if (const std::string why = whyNotForwarded(target); !why.empty()) {
    const ServedStatus status{
        status_code::kUnavailable, "retake: the recording answers no call, and " + why, {}};
    return m_call.finish({status, ReplayEvent::Outcome::Missed});
  }
  m_call.handOver(std::make_unique<Bridge>(m_call, target, std::string()));
}

void PlayedCall::forward(const MissedCall& missed, const ForwardTarget& target) {
  // What it differs in is for the log alone, and may come too late.
  if (m_serving.hasLog())
    m_serving.explain(m_session.served(), missed, [call = CallRef(m_call), this](Explanation explanation) {
      const auto lock = m_call.lock();
      if (!m_call.isOver())
        m_call.log().setExplanation(std::make_shared<const Explanation>(std::move(explanation)));
    });
  if (m_headersTimer) m_headersTimer->stop();
  auto bridge = std::make_unique<Bridge>(m_call, target, statusText(*m_missed));
  if (m_gotFirst) bridge->clientSaid(m_first);
  if (m_halfClosed) bridge->clientHalfClosed();
  m_call.handOver(std::move(bridge));
}

}  // namespace retake
