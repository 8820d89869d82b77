#include "serve/forwarding.h"

#include <grpcpp/support/slice.h>

#include <algorithm>

#include "record/recorder.h"
#include "recording/status_code.h"
#include "scrub/scrubber.h"
#include "serve/byte_buffers.h"
#include "serve/call_log.h"

namespace retake {
namespace {

using Canceller = EntryExtras::Canceller;

// gRPC's wire format has a timeout of few digits, rounded up, and what a client calls off as it runs out is
// here before the deadline that was made of that.
constexpr std::chrono::milliseconds kDeadlineSlack(20);
constexpr int kDeadlineShare = 100;
constexpr std::chrono::milliseconds kMostShare(250);

// As it went over the wire: the code and the text of the trailers count, whatever the details have of them.
Status statusOf(const ForwardedCall::End& end) {
  Status status{end.code, end.message, {}};
  if (auto details = parseStatus(end.details)) status.details = std::move(details->details);
  return status;
}

}  // namespace

Bridge::Bridge(ClientCall& call, ForwardTarget target, std::string why)
    : m_call(call),
      m_target(std::move(target)),
      m_why(std::move(why)),
      m_deadline(call.deadline()),
      m_began(std::chrono::system_clock::now()) {}

void Bridge::begin() {
  m_call.log().setForwarded((m_target.recorder ? "recorded from " : "forwarded to ") +
                            m_target.upstream->address + (m_why.empty() ? "" : ": " + m_why));
  m_call.retain();  // until upstreamEnded()
  ForwardedCall::Events events;
  events.onHeaders = [this](const Metadata& metadata) {
    const auto lock = m_call.lock();
    if (m_recorder) m_recorder->headers(metadata);
    m_call.setHeaders(metadata);
    m_call.sendHeaders();
  };
  events.onRead = [this](grpc::ByteBuffer* message) {
    if (!message) return;
    const auto lock = m_call.lock();
    received(*message);
  };
  events.onWritten = [this](bool ok) {
    const auto lock = m_call.lock();
    m_writing = false;
    if (!ok) return;
    if (m_halfClosed)
      halfClose();
    else
      m_call.read();
  };
  events.onEnd = [this](ForwardedCall::End end) { upstreamEnded(std::move(end)); };
  Metadata metadata = m_call.metadata();
  if (m_target.recorder) beginRecording(metadata);
  metadata.push_back(markOf(*m_target.upstream));
  m_upstream = ForwardedCall::start(
      m_target.upstream->channel,
      {.method = m_call.method(), .metadata = std::move(metadata), .deadline = m_deadline},
      std::move(events));
  m_upstream->read();
  if (m_first)
    send(*std::exchange(m_first, {}));
  else if (m_halfClosed)
    halfClose();
  else
    m_call.read();
}

void Bridge::beginRecording(Metadata metadata) {
  std::erase_if(metadata, [](const MetadataEntry& entry) { return entry.key == kMarkKey; });
  CallBegin begin{
      .method = m_call.method(), .metadata = std::move(metadata), .isProxied = !m_call.isInMemory()};
  if (m_deadline) begin.timeout = *m_deadline - m_began;
  m_recorder = m_target.recorder->begin(std::move(begin));
}

void Bridge::message(grpc::ByteBuffer& message) { send(std::move(message)); }

void Bridge::send(grpc::ByteBuffer message) {
  if (!recorded(true, message)) return;
  m_writing = true;
  m_upstream->write(std::move(message));
}

void Bridge::received(grpc::ByteBuffer& message) {
  if (recorded(false, message)) m_call.write(message);
}

// False when the call has failed with it.
bool Bridge::recorded(bool isSent, grpc::ByteBuffer& message) {
  if (!m_recorder || m_left != Left::No) return true;
  grpc::Slice slice;
  const bool readable = message.TrySingleSlice(&slice).ok() || message.DumpToSingleSlice(&slice).ok();
  const auto done = !readable ? Result<void>(Error{"a message could not be read"})
                    : isSent  ? m_recorder->sent(viewOf(slice))
                              : m_recorder->received(viewOf(slice));
  if (done) return true;
  m_upstream->cancel();
  m_left = Left::ByUs;
  const ServedStatus failed{status_code::kUnknown, "retake: " + done.error().message, {}};
  m_recorder->ended({failed.code, failed.message, {}});
  m_call.finish({failed, ReplayEvent::Outcome::Aborted});
  return false;
}

void Bridge::halfClosed() {
  m_halfClosed = true;
  if (!m_writing) halfClose();
}

void Bridge::halfClose() {
  if (m_recorder) m_recorder->halfClosed();
  m_upstream->halfClose();
}

ReplayEvent::Outcome Bridge::abandoned(bool byClient) {
  m_left = byClient ? Left::ByClient : Left::ByUs;
  m_upstream->cancel();
  if (m_recorder && byClient) {
    const bool late = isPastDeadline();
    m_recorder->ended({late ? status_code::kDeadlineExceeded : status_code::kCancelled,
                       late ? "the client's deadline ran out" : "the client cancelled the call",
                       {}},
                      {}, late ? Canceller::Deadline : Canceller::Client);
  } else if (m_recorder) {
    m_recorder->recordingEnded();
  }
  return byClient ? ReplayEvent::Outcome::Forwarded : ReplayEvent::Outcome::Aborted;
}

bool Bridge::isPastDeadline() const {
  if (!m_deadline) return false;
  const auto share = std::min<std::chrono::nanoseconds>((*m_deadline - m_began) / kDeadlineShare, kMostShare);
  const auto slack = kDeadlineSlack + share;
  return *m_deadline - std::chrono::system_clock::now() <= slack;
}

void Bridge::upstreamEnded(ForwardedCall::End end) {
  {
    const auto lock = m_call.lock();
    auto outcome = ReplayEvent::Outcome::Forwarded;
    if (!end.reached && end.code == status_code::kUnavailable) {
      end.message = "retake: the upstream " + m_target.upstream->address + " cannot be reached (" +
                    end.message + ")" + (m_why.empty() ? "" : ", and nothing recorded answers: " + m_why);
      outcome = ReplayEvent::Outcome::Missed;
    } else if (end.code == status_code::kUnavailable && m_left == Left::No) {
      // A lost connection, as a rule: gRPC tells it from the service's own word by the text alone.
      m_call.log().note(
          "the upstream " + m_target.upstream->address +
          " is gone, or says itself that it is unavailable: " + textForLog(end).value_or(end.message));
    }
    if (m_recorder) recordEnd(end);
    auto logText = textForLog(end);
    m_call.finish({.status = {end.code, std::move(end.message), std::move(end.details)},
                   .outcome = outcome,
                   .trailers = std::move(end.trailers),
                   .logText = std::move(logText)});
  }
  // The client has been told. Until here the server's stop waits for this call.
  if (m_recorder) m_recorder->endTold();
  {
    const auto lock = m_call.lock();
    m_over = true;
    m_call.handlerOver();
  }
  m_call.release();
}

// The log shall not have what scrub rules take out.
std::optional<std::string> Bridge::textForLog(const ForwardedCall::End& end) const {
  if (!m_target.rules || end.message.empty()) return std::nullopt;
  const Scrubber::Live live{
      .method = m_call.method(), .isRequest = false, .typeName = kStatusType, .isWritten = true};
  const auto scrubbed = m_target.rules->message(live, serializeStatus({end.code, end.message, {}}));
  if (!scrubbed) return std::nullopt;
  const auto status = parseStatus(*scrubbed);
  return status ? status->message : std::string();
}

void Bridge::recordEnd(const ForwardedCall::End& end) {
  auto canceller = Canceller::Nobody;
  // The service has the same deadline, and may be the first to tell of it.
  if (end.code == status_code::kDeadlineExceeded && (!end.isService || isPastDeadline()))
    canceller = Canceller::Deadline;
  else if ((end.code == status_code::kDeadlineExceeded || end.code == status_code::kCancelled) &&
           end.isService)
    canceller = Canceller::Server;
  if (!end.reached && end.code == status_code::kUnavailable) canceller = Canceller::Recorder;
  m_recorder->ended(statusOf(end), end.trailers, canceller);
}

}  // namespace retake
