#include "replay/call_player.h"

#include <utility>

#include "explain/difference.h"
#include "explain/told_message.h"
#include "match/message_forms.h"
#include "recording/status.h"
#include "recording/status_code.h"
#include "replay/client_terms.h"
#include "replay/recorded_metadata.h"
#include "replay/served_status.h"
#include "replay/wait_text.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Go's Recv never waits for a Send, so a client that was recorded may read before it sends.
constexpr milliseconds kMessageWait = seconds(1);
constexpr milliseconds kEndWait = seconds(10);
// A client that has to end the call itself, and does not, is told of in the log after this.
constexpr milliseconds kHeldUntold = seconds(1);

// On the thread that serves: of larger messages the log has no more than that they differ.
constexpr std::size_t kComparedBytes = 64 * 1024;

std::string firstDifference(const Schema& schema, const google::protobuf::Descriptor* type, ByteView recorded,
                            ByteView sent, const FieldPathSet& ignored) {
  if (recorded.size() + sent.size() > kComparedBytes) return {};
  const auto found = differences(schema, type, recorded, sent, ignored, 1);
  return found.empty() ? std::string() : describe(found.front());
}

std::string inBrackets(const std::string& text) { return text.empty() ? text : " (" + text + ")"; }

// gRPC has the details of a status in a trailer as well, which is not end-to-end: here they come from the
// trailers where the recorded status has none.
void takeDetails(ServedStatus& status, const Metadata& trailers) {
  if (status.code == 0 || !status.details.empty()) return;
  for (const MetadataEntry& entry : trailers)
    if (entry.key == "grpc-status-details-bin" && parseStatus(entry.value)) status.details = entry.value;
}

}  // namespace

CallPlayer::CallPlayer(const ServedRecording& served, const Call& call, bool asScrubbed, Pacer& pacer)
    : m_served(served), m_call(call), m_asScrubbed(asScrubbed), m_pacer(pacer) {
  if (!m_call.isStream()) return;
  const Recording& recording = *m_served.recording;
  m_creationFailed = recording.info(m_call.first).isError;
  for (std::size_t i = 0; i < m_call.rest.size(); ++i) {
    const EntryInfo info = recording.info(m_call.rest[i]);
    if (info.kind == EntryKind::Send) {
      ++m_sends;
      if (!info.isError) ++m_awaited;
    } else {
      m_lastRecv = i + 1;
      if (!info.isError) m_lastMessage = i + 1;
    }
  }
}

const std::string& CallPlayer::name() const {
  return m_served.recording->methodName(m_served.recording->info(m_call.first).method);
}

void CallPlayer::begin(std::uint32_t sharedRecvs, Reaction& out) {
  m_shared = sharedRecvs;
  proceed(out);
}

void CallPlayer::proceed(Reaction& out) {
  if (!m_call.isStream()) return answerUnary(out);
  if (m_creationFailed) return endAsRecorded(m_call.first, out);
  advance(out);
}

void CallPlayer::answerUnary(Reaction& out) {
  if (m_call.rest.empty()) return endUnrecorded(out);
  const std::uint32_t position = m_call.rest.front();
  // A recorded error that is OK: the Go packages return no error, and the reply as it was made.
  if (m_served.recording->info(position).isError && servedStatus(*m_served.recording, position).code != 0)
    return endAsRecorded(position, out);
  if (!isDue(position, out) || !passesGate(out)) return;
  out.messages.push_back(position);
  finish({}, position, out);
}

void CallPlayer::advance(Reaction& out) {
  const Recording& recording = *m_served.recording;
  while (!m_over) {
    if (m_at >= m_lastRecv) return endUnrecorded(out);  // what stands behind the last RECV is not awaited
    const std::uint32_t position = m_call.rest[m_at];
    const EntryInfo info = recording.info(position);
    if (info.hasExtras && m_extrasSeen <= m_at) {
      m_extrasSeen = m_at + 1;
      m_needsHalfClose = m_needsHalfClose || extrasOf(recording, position).halfClosedBefore;
    }
    if (info.kind == EntryKind::Send) {
      if (!info.isError) {
        if (m_received <= m_passed && !isReleased())
          return wait(m_at < m_lastMessage ? Wait::SendBeforeMessage : Wait::SendBeforeEnd, out);
        ++m_passed;
        m_pacer.passed(position);
      }
      ++m_at;
      continue;
    }
    if (info.isError) {
      // A second of silence let messages out, past what the end still waits for.
      if (!m_released && !m_halfClosed) {
        if (m_received < m_passed) return wait(Wait::SendBeforeEnd, out);
        if (m_needsHalfClose) return wait(Wait::HalfCloseBeforeEnd, out);
      }
      return endAsRecorded(position, out);
    }
    if (m_shared > 0) {
      --m_shared;
    } else {
      if (m_needsHalfClose && !isReleased()) return wait(Wait::HalfCloseBeforeMessage, out);
      if (!isDue(position, out) || !passesGate(out)) return;
      out.messages.push_back(position);
    }
    ++m_at;
  }
}

bool CallPlayer::isDue(std::uint32_t position, Reaction& out) {
  if (m_pacer.isDue(position, out)) return true;
  m_wait = Wait::Pace;
  return false;
}

bool CallPlayer::passesGate(Reaction& out) {
  if (m_pacer.passesGate(out)) return true;
  m_wait = Wait::Pace;
  return false;
}

void CallPlayer::wait(Wait wait, Reaction& out) {
  m_wait = wait;
  milliseconds time = kEndWait;
  if (wait == Wait::SendBeforeMessage || wait == Wait::HalfCloseBeforeMessage) time = kMessageWait;
  if (wait == Wait::ClientsEnd) time = m_heldTold ? kEndWait - kHeldUntold : kHeldUntold;
  // Released messages have used up a second of this silence already.
  if ((wait == Wait::SendBeforeEnd || wait == Wait::HalfCloseBeforeEnd) && m_messagesReleased &&
      m_received == m_receivedAtRelease)
    time -= kMessageWait;
  out.arm(time);
}

void CallPlayer::endAsRecorded(std::uint32_t position, Reaction& out) {
  const Recording& recording = *m_served.recording;
  ServedStatus status = servedStatus(recording, position);
  // These two are as a rule not the server's words but the client's own doing.
  m_endIsClients =
      (status.code == status_code::kCancelled || status.code == status_code::kDeadlineExceeded) &&
      extrasOf(recording, position).canceller != EntryExtras::Canceller::Server;
  if (!isDue(position, out)) return;
  if (m_endIsClients && !m_waitedForClient) return wait(Wait::ClientsEnd, out);
  if (!passesGate(out)) return;
  finish(std::move(status), position, out);
}

void CallPlayer::endUnrecorded(Reaction& out) {
  const bool isClientStream =
      m_call.isStream() && m_lastMessage > 0 &&
      callKind(*m_served.schema, *m_served.recording, m_call) == CallKind::ClientStream;
  if (isClientStream) {
    if (!m_halfClosed && !m_released) return wait(Wait::HalfClose, out);
    if (passesGate(out)) finish({}, m_call.rest[m_lastRecv - 1], out);
    return;
  }
  m_endIsClients = true;
  if (!m_waitedForClient) return wait(Wait::ClientsEnd, out);
  if (passesGate(out))
    finish({status_code::kUnknown, "retake: the recording ends here", {}}, std::nullopt, out);
}

void CallPlayer::finish(ServedStatus&& status, std::optional<std::uint32_t> position, Reaction& out) {
  m_over = true;
  m_pacer.leave();
  m_wait = Wait::None;
  ReplayEnd& end = out.finish(std::move(status), ReplayEvent::Outcome::Served);
  if (!position) return;
  if (m_served.recording->info(*position).hasExtras) addTrailers(end, *position, out.notes);
  ClientTerms{m_served, name(), m_asScrubbed}.putInto(end, *position);
}

void CallPlayer::addTrailers(ReplayEnd& end, std::uint32_t position, std::vector<std::string>& notes) const {
  const auto recorded = extrasOf(*m_served.recording, position).trailers;
  if (!recorded) return;
  takeDetails(end.status, *recorded);
  end.trailers = sendable(*recorded, notes);
}

void CallPlayer::miss(const Miss& miss, const ClientMessage* message, Reaction& out) {
  m_over = true;
  m_pacer.leave();
  m_wait = Wait::None;
  out.timer = Reaction::Timer::Stop;
  out.miss = std::make_unique<MissedCall>(
      MissedCall{.miss = miss,
                 .method = name(),
                 .isStream = true,
                 .sent = message ? std::make_shared<const std::string>(message->told()) : nullptr,
                 .rules = m_served.rules()});
}

void CallPlayer::message(const ClientMessage& message, bool compared, Reaction& out) {
  if (m_over || !m_call.isStream() || m_creationFailed) return;
  ++m_received;
  m_pacer.sent();
  if (m_received > m_sends) {
    if (clientHadEnded()) {
      out.notes.push_back("message " + std::to_string(m_received) +
                          " is not recorded: the client of recorded call " + std::to_string(m_call.number) +
                          " had ended the call");
      return;
    }
    return miss({.why = Miss::Why::TooManyMessages,
                 .recorded = m_sends,
                 .callNumber = m_call.number,
                 .message = m_received},
                &message, out);
  }
  if (compared)
    while (m_compareAt < m_call.rest.size()) {
      const EntryInfo info = m_served.recording->info(m_call.rest[m_compareAt++]);
      if (info.kind == EntryKind::Send && !info.isError) break;
    }
  else
    compare(message, out);
  if (!m_over && m_wait != Wait::ClientsEnd) proceed(out);
}

// What its client had said as well may not have come as far as the recorder.
bool CallPlayer::clientHadEnded() const {
  if (m_lastRecv == 0) return false;
  const std::uint32_t position = m_call.rest[m_lastRecv - 1];
  const EntryInfo info = m_served.recording->info(position);
  if (!info.isError || !info.hasExtras) return false;
  const auto canceller = extrasOf(*m_served.recording, position).canceller;
  return canceller == EntryExtras::Canceller::Client || canceller == EntryExtras::Canceller::Deadline;
}

void CallPlayer::compare(const ClientMessage& message, Reaction& out) {
  const Recording& recording = *m_served.recording;
  for (; m_compareAt < m_call.rest.size(); ++m_compareAt) {
    const EntryInfo info = recording.info(m_call.rest[m_compareAt]);
    if (info.kind != EntryKind::Send || info.isError) continue;
    const std::uint32_t position = m_call.rest[m_compareAt++];
    const auto bytes = recording.bytes(position);
    EntryFields fields;
    if (!bytes || parseEntry(bytes->view, fields) || fields.message == message.asSent) return;
    const auto* type = messageTypeOf(*m_served.schema, fields.typeUrl, name());
    const FieldPathSet& ignored = m_served.index().ignored(name());
    const auto differs = [&](ByteView sent) {
      return compareMessages(*m_served.schema, type, fields.message, sent, ignored) == Equality::Different;
    };
    if (!differs(message.asSent) || (message.scrubbed && !differs(*message.scrubbed))) return;
    const std::string what = "diverged at message " + std::to_string(m_received);
    const auto rules = m_served.rules();
    const auto told = rules ? toldMessage(*rules, m_served.input(), position) : std::nullopt;
    const ByteView recorded = told ? ByteView(*told) : fields.message;
    out.notes.push_back(
        what + ": it is not the one of recorded call " + std::to_string(m_call.number) +
        inBrackets(firstDifference(*m_served.schema, type, recorded, message.told(), ignored)));
    if (m_served.policy.strictStreams)
      miss({.why = Miss::Why::Diverged, .callNumber = m_call.number, .message = m_received}, &message, out);
    return;
  }
}

// The end of the call is next, and not the service's.
std::string CallPlayer::whyHeld() const {
  const std::string call = "recorded call " + std::to_string(m_call.number);
  const bool isRecorded = m_call.isStream() ? m_creationFailed || m_at < m_lastRecv : !m_call.rest.empty();
  if (isRecorded) return "that is how " + call + " ended";
  if (isCutOff(*m_served.schema, *m_served.recording, m_call)) return call + " was cut off here";
  return call + " has no end";
}

void CallPlayer::halfClosed(Reaction& out) {
  if (m_over || m_halfClosed || !m_call.isStream()) return;
  m_halfClosed = true;
  m_pacer.halfClosed();
  if (m_received < m_awaited)
    out.notes.push_back("half-closed after " + std::to_string(m_received) + " of " +
                        std::to_string(m_awaited) + " recorded messages");
  if (m_received < m_awaited && m_served.policy.strictStreams)
    return miss({.why = Miss::Why::TooFewMessages,
                 .recorded = m_awaited,
                 .callNumber = m_call.number,
                 .message = m_received + 1},
                nullptr, out);
  if (m_wait != Wait::ClientsEnd) proceed(out);
}

void CallPlayer::releaseMessages(Reaction& out) {
  m_messagesReleased = true;
  m_receivedAtRelease = m_received;
  if (!m_over && (m_wait == Wait::SendBeforeMessage || m_wait == Wait::HalfCloseBeforeMessage)) advance(out);
}

void CallPlayer::woken(Reaction& out) {
  if (!m_over && m_wait == Wait::Pace) proceed(out);
}

void CallPlayer::timerFired(Reaction& out) {
  const std::string next = "message " + std::to_string(m_received + 1);
  switch (m_wait) {
    case Wait::None:
      return;
    case Wait::SendBeforeMessage:
      out.notes.push_back("no " + next + " for " + inSeconds(kMessageWait) +
                          ": the messages recorded behind it go out without it");
      return releaseMessages(out);
    case Wait::HalfCloseBeforeMessage:
      out.notes.push_back("no half-close for " + inSeconds(kMessageWait) +
                          ": the messages recorded behind it go out without it");
      return releaseMessages(out);
    case Wait::SendBeforeEnd:
      out.notes.push_back("no " + next + " for " + inSeconds(kEndWait) +
                          ": the recorded end goes out without it");
      break;
    case Wait::HalfCloseBeforeEnd:
    case Wait::HalfClose:
      out.notes.push_back("no half-close for " + inSeconds(kEndWait) + ": the end goes out without it");
      break;
    case Wait::ClientsEnd:
      if (!std::exchange(m_heldTold, true)) {
        out.notes.push_back("held open until the client ends it, " + inSeconds(kEndWait) +
                            " at most: " + whyHeld());
        return wait(Wait::ClientsEnd, out);
      }
      out.notes.push_back("the client did not end the call for " + inSeconds(kEndWait) +
                          ", as it did in the recording");
      m_waitedForClient = true;
      return proceed(out);
    case Wait::Pace:
      m_pacer.timerFired(out);
      return proceed(out);
  }
  m_released = true;
  advance(out);
}

}  // namespace retake
