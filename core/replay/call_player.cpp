#include "replay/call_player.h"

#include "match/message_forms.h"
#include "replay/served_status.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Go's Recv never waits for a Send, so a client that was recorded may read before it sends.
constexpr milliseconds kMessageWait = seconds(1);
constexpr milliseconds kEndWait = seconds(10);

constexpr std::int32_t kCancelled = 1;
constexpr std::int32_t kUnknown = 2;
constexpr std::int32_t kDeadlineExceeded = 4;

std::string inSeconds(milliseconds wait) {
  const auto count = std::chrono::duration_cast<seconds>(wait).count();
  return std::to_string(count) + (count == 1 ? " second" : " seconds");
}

}  // namespace

CallPlayer::CallPlayer(std::shared_ptr<const ServedRecording> served, std::uint32_t call, bool strict)
    : m_served(std::move(served)), m_call((*m_served->calls)[call]), m_strict(strict) {
  const Recording& recording = *m_served->recording;
  if (!m_call.isStream()) return;
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

std::string CallPlayer::name() const {
  return m_served->recording->methodName(m_served->recording->info(m_call.first).method);
}

void CallPlayer::begin(std::uint32_t sharedRecvs, Reaction& out) {
  m_shared = sharedRecvs;
  if (!m_call.isStream()) return answerUnary(out);
  if (m_served->recording->info(m_call.first).isError) return endAsRecorded(m_call.first, out);
  // An error without recorded headers goes as trailers only: headers would switch off a client's retries.
  bool failsFirst = false;
  for (const std::uint32_t position : m_call.rest) {
    const EntryInfo info = m_served->recording->info(position);
    if (info.kind != EntryKind::Recv) continue;
    failsFirst = info.isError && info.hasMessage && info.statusCode != 0;
    break;
  }
  out.headers = out.headers || !failsFirst;
  advance(out);
}

void CallPlayer::answerUnary(Reaction& out) {
  if (m_call.rest.empty()) return endUnrecorded(out);
  const std::uint32_t position = m_call.rest.front();
  const EntryInfo info = m_served->recording->info(position);
  if (info.isError) {
    ServedStatus status = servedStatus(*m_served->recording, position);
    if (status.code != 0) return endAsRecorded(position, out);
    // A recorded error that is OK: the Go packages return no error, and the reply as it was made.
  }
  out.messages.push_back(position);
  finish({}, ReplayEvent::Outcome::Served, out);
}

void CallPlayer::advance(Reaction& out) {
  const Recording& recording = *m_served->recording;
  while (!m_over) {
    if (m_at >= m_lastRecv) return endUnrecorded(out);  // what stands behind the last RECV is not awaited
    const std::uint32_t position = m_call.rest[m_at];
    const EntryInfo info = recording.info(position);
    if (info.kind == EntryKind::Send) {
      if (!info.isError) {
        const bool released = m_released || m_halfClosed || (m_messagesReleased && m_at < m_lastMessage);
        if (m_received <= m_passed && !released)
          return wait(m_at < m_lastMessage ? Wait::SendBeforeMessage : Wait::SendBeforeEnd, out);
        ++m_passed;
      }
      ++m_at;
      continue;
    }
    if (info.isError) {
      // A second of silence let messages out, past SENDs that the end still waits for.
      if (m_received < m_passed && !m_released && !m_halfClosed) return wait(Wait::SendBeforeEnd, out);
      return endAsRecorded(position, out);
    }
    ++m_at;
    if (m_shared > 0)
      --m_shared;
    else
      out.messages.push_back(position);
  }
}

void CallPlayer::wait(Wait wait, Reaction& out) {
  m_wait = wait;
  milliseconds time = kEndWait;
  if (wait == Wait::SendBeforeMessage) time = kMessageWait;
  // Released messages have used up a second of this silence already.
  if (wait == Wait::SendBeforeEnd && m_messagesReleased && m_received == m_receivedAtRelease)
    time -= kMessageWait;
  out.arm(time);
}

void CallPlayer::endAsRecorded(std::uint32_t position, Reaction& out) {
  ServedStatus status = servedStatus(*m_served->recording, position);
  // These two are as a rule not the server's words but the client's own doing.
  if (status.code == kCancelled || status.code == kDeadlineExceeded)
    return waitForClientsEnd(std::move(status), out);
  finish(std::move(status), ReplayEvent::Outcome::Served, out);
}

void CallPlayer::endUnrecorded(Reaction& out) {
  if (m_wait == Wait::ClientsEnd) return;
  const bool isClientStream =
      m_call.isStream() && m_lastMessage > 0 &&
      callKind(*m_served->schema, *m_served->recording, m_call) == CallKind::ClientStream;
  if (!isClientStream) return waitForClientsEnd({kUnknown, "retake: the recording ends here", {}}, out);
  if (m_halfClosed || m_released) return finish({}, ReplayEvent::Outcome::Served, out);
  wait(Wait::HalfClose, out);
}

void CallPlayer::waitForClientsEnd(ServedStatus end, Reaction& out) {
  m_end = std::move(end);
  wait(Wait::ClientsEnd, out);
}

void CallPlayer::finish(ServedStatus status, ReplayEvent::Outcome outcome, Reaction& out) {
  m_over = true;
  m_wait = Wait::None;
  out.finish(std::move(status), outcome);
}

void CallPlayer::miss(const Miss& miss, ByteView message, Reaction& out) {
  m_over = true;
  m_wait = Wait::None;
  out.timer = Reaction::Timer::Stop;
  out.miss = MissedCall{
      .miss = miss, .method = name(), .isStream = true, .sent = std::make_shared<const std::string>(message)};
}

void CallPlayer::message(ByteView message, bool compared, Reaction& out) {
  if (m_over || !m_call.isStream()) return;
  ++m_received;
  if (m_received > m_sends) {
    return miss({.why = Miss::Why::TooManyMessages,
                 .recorded = m_sends,
                 .callNumber = m_call.number,
                 .message = m_received},
                message, out);
  }
  if (compared)
    while (m_compareAt < m_call.rest.size()) {
      const EntryInfo info = m_served->recording->info(m_call.rest[m_compareAt++]);
      if (info.kind == EntryKind::Send && !info.isError) break;
    }
  else
    compare(message, out);
  if (!m_over && m_wait != Wait::ClientsEnd) advance(out);
}

void CallPlayer::compare(ByteView message, Reaction& out) {
  const Recording& recording = *m_served->recording;
  for (; m_compareAt < m_call.rest.size(); ++m_compareAt) {
    const EntryInfo info = recording.info(m_call.rest[m_compareAt]);
    if (info.kind != EntryKind::Send || info.isError) continue;
    const auto entry = recording.entry(m_call.rest[m_compareAt++]);
    if (!entry) return;
    const auto* type = messageTypeOf(*m_served->schema, entry->fields.typeUrl, entry->callMethod);
    if (compareMessages(*m_served->schema, type, entry->fields.message, message) != Equality::Different)
      return;
    const std::string what = "diverged at message " + std::to_string(m_received);
    out.notes.push_back(what + ": it is not the one of recorded call " + std::to_string(m_call.number));
    if (m_strict)
      miss({.why = Miss::Why::Diverged, .callNumber = m_call.number, .message = m_received}, message, out);
    return;
  }
}

void CallPlayer::halfClosed(Reaction& out) {
  if (m_over || m_halfClosed || !m_call.isStream()) return;
  m_halfClosed = true;
  if (m_received < m_awaited)
    out.notes.push_back("half-closed after " + std::to_string(m_received) + " of " +
                        std::to_string(m_awaited) + " recorded messages");
  if (m_wait != Wait::ClientsEnd) advance(out);
}

void CallPlayer::releaseMessages(Reaction& out) {
  m_messagesReleased = true;
  m_receivedAtRelease = m_received;
  if (!m_over && m_wait == Wait::SendBeforeMessage) advance(out);
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
    case Wait::SendBeforeEnd:
      out.notes.push_back("no " + next + " for " + inSeconds(kEndWait) +
                          ": the recorded end goes out without it");
      break;
    case Wait::HalfClose:
      out.notes.push_back("no half-close for " + inSeconds(kEndWait) + ": the end goes out without it");
      break;
    case Wait::ClientsEnd:
      out.notes.push_back("the client did not end the call for " + inSeconds(kEndWait) +
                          ", as it did in the recording");
      return finish(std::move(m_end), ReplayEvent::Outcome::Served, out);
  }
  m_released = true;
  advance(out);
}

}  // namespace retake
