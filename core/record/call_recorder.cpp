#include "record/call_recorder.h"

#include <utility>

#include "record/recorder_state.h"
#include "recording/status_code.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

using Canceller = EntryExtras::Canceller;

CallBegin withKind(const google::protobuf::MethodDescriptor* known, CallBegin begin) {
  if (!begin.kind) begin.kind = callKind(known);
  return begin;
}

}  // namespace

std::shared_ptr<CallRecorder> CallRecorder::begin(const std::shared_ptr<RecorderState>& recorder,
                                                  CallBegin begin) {
  auto call = std::make_shared<CallRecorder>(recorder, std::move(begin));
  recorder->enter(call);
  const std::lock_guard lock(call->m_mutex);
  const auto& kind = call->m_begin.kind;
  if (call->m_shape != Shape::Undecided) return call;
  if ((kind && *kind != CallKind::Unary) || recorder->isKnownStream(call->m_begin.method))
    call->becomeStream();
  else if (kind)
    call->m_shape = Shape::Unary;
  return call;
}

CallRecorder::CallRecorder(std::shared_ptr<RecorderState> recorder, CallBegin begin)
    : m_recorder(std::move(recorder)),
      m_known(m_recorder->options().schema->method(begin.method)),
      m_begin(withKind(m_known, std::move(begin))),
      m_beganNanos(m_recorder->nowNanos()),
      m_began(std::chrono::steady_clock::now()) {}

CallRecorder::~CallRecorder() {
  const std::lock_guard lock(m_mutex);
  if (m_shape != Shape::Over)
    end({status_code::kCancelled, "the client let go of the call", {}}, {}, Canceller::Client);
}

// The hook first, then the rules, as a recording that is made without rules would be scrubbed later.
Result<CallRecorder::Draft> CallRecorder::draft(bool isRequest, ByteView message, std::string_view typeName) {
  const RecorderOptions& options = m_recorder->options();
  if (typeName.empty()) typeName = messageTypeOf(m_known, isRequest);
  if (typeName.empty() && !options.schema->isBuiltinOnly())
    m_recorder->noteOnce(
        RecorderState::Note::NotInSchema, m_begin.method,
        "the schema does not have it: its messages are recorded without their types, and the "
        "Go packages refuse the whole file until a schema gives them (retake-cli edit --types)");
  Draft made;
  std::string bytes;
  if (options.beforeWrite) {
    auto changed = options.beforeWrite({.method = m_begin.method,
                                        .isRequest = isRequest,
                                        .number = isRequest ? m_sent : m_received,
                                        .typeName = typeName,
                                        .bytes = message});
    if (!changed) return changed.error();
    bytes = *std::move(changed);
  } else {
    bytes = message;
  }
  if (const auto rules = m_recorder->rules()) {
    const Scrubber::Live live{.method = m_begin.method,
                              .isRequest = isRequest,
                              .typeName = typeName,
                              .metadata = m_begin.metadata ? &*m_begin.metadata : nullptr,
                              .isWritten = true};
    if (auto scrubbed = rules->message(live, bytes)) {
      bytes = *std::move(scrubbed);
      made.extras.scrubbed = true;
    }
  }
  made.message =
      EntryMessage{typeName.empty() ? std::string() : std::string(kTypeUrlPrefix) + std::string(typeName),
                   std::move(bytes)};
  made.extras.timeNanos = m_recorder->nowNanos();
  return made;
}

CallRecorder::Draft CallRecorder::statusDraft(const Status& status) const {
  Draft made{.message = EntryMessage{std::string(kTypeUrlPrefix) + std::string(kStatusType),
                                     serializeStatus(status)},
             .isError = true,
             .extras = {.timeNanos = m_recorder->nowNanos()}};
  if (const auto rules = m_recorder->rules()) {
    const Scrubber::Live live{.method = m_begin.method,
                              .isRequest = false,
                              .typeName = kStatusType,
                              .metadata = m_begin.metadata ? &*m_begin.metadata : nullptr,
                              .isWritten = true};
    if (auto scrubbed = rules->message(live, made.message->value)) {
      made.message->value = *std::move(scrubbed);
      made.extras.scrubbed = true;
    }
  }
  return made;
}

Metadata CallRecorder::metadataToWrite(const Metadata& metadata, bool isRequest, bool isTrailers,
                                       EntryExtras& extras) const {
  Metadata own;
  for (const MetadataEntry& entry : metadata)
    if (isEndToEnd(entry.key)) own.push_back(entry);
  if (const auto rules = m_recorder->rules()) {
    const Scrubber::Live live{.method = m_begin.method,
                              .isRequest = isRequest,
                              .metadata = m_begin.metadata ? &*m_begin.metadata : nullptr,
                              .isWritten = true};
    if (auto scrubbed = rules->metadata(live, own, isTrailers)) {
      extras.scrubbed = true;
      return *std::move(scrubbed);
    }
  }
  return own;
}

Result<void> CallRecorder::sent(ByteView message, std::string_view typeName) {
  const std::lock_guard lock(m_mutex);
  if (m_shape == Shape::Over) return {};
  ++m_sent;
  auto made = draft(true, message, typeName);
  // A call that never was: neither have the Go packages written anything of it by then.
  if (!made && m_first == 0 && !m_request) over();
  if (!made) return made.error();
  if (m_shape == Shape::Undecided) {
    if (!m_request) {
      m_request = *std::move(made);
      return {};
    }
    becomeStream();
  }
  if (m_shape == Shape::Unary && m_first != 0)
    tellStream("its message " + std::to_string(m_sent) + " is not recorded");
  else if (m_shape == Shape::Unary)
    writeBegin(EntryKind::Request, *std::move(made));
  else
    write(EntryKind::Send, *std::move(made));
  return {};
}

void CallRecorder::sendFailed() {
  const std::lock_guard lock(m_mutex);
  if (m_shape == Shape::Undecided) becomeStream();
  if (m_shape == Shape::Stream)
    write(EntryKind::Send, {.isError = true, .extras = {.timeNanos = m_recorder->nowNanos()}});
}

void CallRecorder::halfClosed() {
  const std::lock_guard lock(m_mutex);
  m_halfClosed = true;
  if (m_shape == Shape::Undecided && !m_request) becomeStream();
}

void CallRecorder::headers(const Metadata& headers) {
  const std::lock_guard lock(m_mutex);
  if (m_shape == Shape::Over) return;
  m_headers = headers;
  // A client may wait for them before it says anything, as no client of a unary method does.
  if (m_shape == Shape::Undecided && m_sent == 0) becomeStream();
}

Result<void> CallRecorder::received(ByteView message, std::string_view typeName) {
  const std::lock_guard lock(m_mutex);
  if (m_shape == Shape::Over) return {};
  ++m_received;
  auto made = draft(false, message, typeName);
  if (!made) return made.error();
  if (m_shape == Shape::Undecided) {
    // A service may answer before the half-close, which then comes from the other side at the same time.
    if (m_request && !m_reply) {
      m_reply = *std::move(made);
      return {};
    }
    becomeStream();
  }
  if (m_shape == Shape::Unary) {
    if (m_reply)
      tellStream("its answer " + std::to_string(m_received) + " is not recorded");
    else
      m_reply = *std::move(made);
  } else if (m_begin.kind == CallKind::ClientStream) {
    if (m_reply) writeRecv(*std::exchange(m_reply, {}));
    m_reply = *std::move(made);
  } else {
    writeRecv(*std::move(made));
  }
  return {};
}

void CallRecorder::ended(const Status& status, const Metadata& trailers, Canceller canceller) {
  const std::lock_guard lock(m_mutex);
  end(status, trailers, canceller);
}

void CallRecorder::end(const Status& status, const Metadata& trailers, Canceller canceller) {
  if (m_shape == Shape::Over) return;
  const bool isOk = status.code == status_code::kOk;
  if (m_shape == Shape::Undecided) {
    if (m_request && isOk == m_reply.has_value())
      becomeUnary();
    else
      becomeStream();
  }
  // It ended before the client had sent anything, which a REQUEST cannot tell.
  if (m_shape == Shape::Unary && m_first == 0) becomeStream();

  const bool isUnary = m_shape == Shape::Unary;
  Draft last;
  if (!isOk) {
    if (isUnary && m_reply)
      m_recorder->noteOnce(RecorderState::Note::AnswerBeforeError, m_begin.method,
                           "an answer in front of its error is not recorded");
    else if (m_reply)
      writeRecv(*std::exchange(m_reply, {}));
    last = statusDraft(status);
  } else if (m_reply) {
    last = *std::exchange(m_reply, {});
  } else if (isUnary) {
    // What gRPC's clients make of it; a RESPONSE without a message is none.
    last = statusDraft({status_code::kInternal, "the service ended the call without an answer", {}});
  } else {
    last = {.isError = true, .extras = {.timeNanos = m_recorder->nowNanos()}};
  }
  last.extras.canceller = canceller;
  last.extras.trailers = metadataToWrite(trailers, false, true, last.extras);
  if (isUnary) {
    if (m_headers) last.extras.headers = metadataToWrite(*m_headers, false, false, last.extras);
    write(EntryKind::Response, std::move(last), true);
  } else {
    writeRecv(std::move(last), true);
  }
  over();
}

void CallRecorder::endTold() { m_recorder->writePending(); }

void CallRecorder::recordingEnded() {
  const std::lock_guard lock(m_mutex);
  if (m_shape == Shape::Over) return;
  if (m_shape == Shape::Undecided && m_request && !m_reply) becomeUnary();
  if (m_shape == Shape::Undecided && m_request) becomeStream();
  if (m_shape == Shape::Unary && m_first != 0) {
    Draft last = statusDraft({status_code::kUnavailable, "recording ended", {}});
    last.extras.canceller = Canceller::Recorder;
    write(EntryKind::Response, std::move(last), true);
  } else if (m_reply) {
    writeRecv(*std::exchange(m_reply, {}), true);
  } else {
    m_recorder->writePending();
  }
  over();
}

void CallRecorder::decide(std::chrono::steady_clock::time_point begunBefore) {
  // One that is at work, in a hook or at the disk, is looked at the next time.
  const std::unique_lock lock(m_mutex, std::try_to_lock);
  if (!lock || m_shape != Shape::Undecided || m_began > begunBefore) return;
  // All of a method are one or the other, or equal requests would be answered in another order.
  if (m_recorder->isKnownUnary(m_begin.method)) return;
  m_recorder->learnStream(m_begin.method);
  becomeStream();
}

void CallRecorder::becomeUnary() {
  m_shape = Shape::Unary;
  if (!m_begin.kind) m_recorder->learnUnary(m_begin.method);
  if (m_request) writeBegin(EntryKind::Request, *std::exchange(m_request, {}));
}

void CallRecorder::becomeStream() {
  m_shape = Shape::Stream;
  if (!m_begin.kind && (m_sent > 1 || m_received > 1)) m_recorder->learnStream(m_begin.method);
  writeBegin(EntryKind::CreateStream, {});
  // The half-close came behind it.
  const bool halfClosed = std::exchange(m_halfClosed, false);
  if (m_request) write(EntryKind::Send, *std::exchange(m_request, {}));
  m_halfClosed = halfClosed;
  if (m_reply && m_begin.kind != CallKind::ClientStream) writeRecv(*std::exchange(m_reply, {}));
}

void CallRecorder::writeBegin(EntryKind kind, Draft&& draft) {
  EntryExtras& extras = draft.extras;
  extras.timeNanos = m_beganNanos;
  if (m_begin.metadata) extras.requestMetadata = metadataToWrite(*m_begin.metadata, true, false, extras);
  if (m_begin.timeout) extras.timeoutNanos = m_begin.timeout->count();
  extras.inferred = !m_begin.kind;
  write(kind, std::move(draft));
}

void CallRecorder::writeRecv(Draft&& draft, bool endsCall) {
  if (m_headers)
    draft.extras.headers = metadataToWrite(*std::exchange(m_headers, {}), false, false, draft.extras);
  write(EntryKind::Recv, std::move(draft), endsCall);
}

// What the schema, or the caller, said of the method is wrong.
void CallRecorder::tellStream(const std::string& what) {
  m_recorder->learnStream(m_begin.method);
  m_recorder->noteOnce(RecorderState::Note::NotUnary, m_begin.method,
                       "it is said to be unary, and streams: " + what +
                           "; calls that begin from now on are recorded as streams");
}

// A recording that ends while the call goes on, as on a full disk, leaves it where it was.
void CallRecorder::write(EntryKind kind, Draft&& draft, bool endsCall) {
  const bool isFirst = m_first == 0;
  const bool isStream = m_shape == Shape::Stream;
  if (isStream && !isFirst && m_halfClosed && !std::exchange(m_halfCloseTold, true))
    draft.extras.halfClosedBefore = true;
  std::string entry = serializeEntry(kind, isFirst ? std::string_view(m_begin.method) : std::string_view(),
                                     draft.message, draft.isError, m_first);
  if (m_recorder->options().extras) entry += serializeExtras(draft.extras);
  // Of a call that brings down this process the file has what it was asked.
  const bool isAsked = kind == EntryKind::Request || (kind == EntryKind::Send && m_sent <= 1);
  const bool mayWait = m_begin.isProxied || (!endsCall && !isAsked);
  const std::uint32_t place = m_recorder->append(entry, kind, m_first, mayWait);
  if (place == 0) return over();
  if (isFirst) m_first = place;
}

void CallRecorder::over() {
  m_shape = Shape::Over;
  m_request.reset();
  m_reply.reset();
  m_recorder->leave(this);
}

}  // namespace retake
