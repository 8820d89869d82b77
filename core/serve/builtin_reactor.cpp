#include "serve/builtin_reactor.h"

#include "base/tsan.h"
#include "recording/status_code.h"
#include "replay/served_status.h"
#include "serve/builtin_calls.h"

namespace retake {
namespace {

const ServedStatus kStopped = {status_code::kUnavailable, kStoppedText, {}};

}  // namespace

BuiltinReactor::BuiltinReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context,
                               std::unique_ptr<BuiltinCall> call)
    : m_serving(service.serving()),
      m_service(service),
      m_context(context),
      m_call(std::move(call)),
      m_sequence(m_serving->nextSequence()),
      m_began(std::chrono::system_clock::now()),
      m_beganSteady(std::chrono::steady_clock::now()) {}

void BuiltinReactor::start() {
  const TsanScope tsan(this);
  m_entered =
      m_serving->builtinCalls().enter(*this);  // not with m_mutex: endAll() takes them the other way round
  const std::lock_guard lock(m_mutex);
  if (m_finished) return;
  if (!m_entered) return finish(kStopped, ReplayEvent::Outcome::Refused);
  StartRead(&m_read);
}

void BuiltinReactor::stop() {
  const std::lock_guard lock(m_mutex);
  if (!m_finished) finish(kStopped);
}

void BuiltinReactor::OnReadDone(bool ok) {
  const TsanScope tsan(this);
  const std::lock_guard lock(m_mutex);
  if (m_finished) return;
  if (!ok) {
    if (m_context.IsCancelled()) return;  // OnCancel tells
    return send(m_call->halfClosed());
  }
  grpc::Slice slice;
  if (!m_read.TrySingleSlice(&slice).ok() && !m_read.DumpToSingleSlice(&slice).ok())
    return finish({status_code::kInternal, "retake: a message could not be read", {}});
  BuiltinReply reply = m_call->message({reinterpret_cast<const char*>(slice.begin()), slice.size()});
  m_read.Clear();
  const bool goesOn = !reply.message && !reply.end;
  send(std::move(reply));
  if (goesOn) StartRead(&m_read);
}

void BuiltinReactor::OnWriteDone(bool ok) {
  const TsanScope tsan(this);
  const std::lock_guard lock(m_mutex);
  if (m_finished) return;
  if (!ok) return finish({status_code::kCancelled, "the client is gone", {}});
  StartRead(&m_read);
}

void BuiltinReactor::OnCancel() {
  const TsanScope tsan(this);
  const std::lock_guard lock(m_mutex);
  if (!m_finished) finish({status_code::kCancelled, "cancelled", {}});
}

void BuiltinReactor::OnDone() {
  {
    const TsanScope tsan(this);
    if (m_entered) m_serving->builtinCalls().leave(*this);
  }
  delete this;
}

void BuiltinReactor::send(BuiltinReply reply) {
  if (reply.message) {
    const grpc::Slice slice(*reply.message);
    m_write = grpc::ByteBuffer(&slice, 1);
    if (!reply.end) return StartWrite(&m_write);
  }
  if (reply.end) finish(*reply.end, ReplayEvent::Outcome::Served, reply.message ? &m_write : nullptr);
}

void BuiltinReactor::finish(const ServedStatus& status, ReplayEvent::Outcome outcome,
                            const grpc::ByteBuffer* last) {
  m_finished = true;
  if (m_serving->hasLog()) {
    ReplayEvent event;
    event.outcome = outcome;
    event.counted = false;
    event.sequence = m_sequence;
    event.time = m_began;
    event.duration = std::chrono::steady_clock::now() - m_beganSteady;
    event.endpoint = m_service.endpoint();
    event.method = m_context.method();
    event.statusCode = status.code;
    event.text = status.message;
    m_serving->log(event);
  }
  ServedStatus sent = status;
  if (m_service.trailersLimited()) fitIntoTrailers(sent, nullptr);  // a name may come back that is any length
  const grpc::Status end(static_cast<grpc::StatusCode>(sent.code), sent.message, sent.details);
  if (last)
    StartWriteAndFinish(last, grpc::WriteOptions(), end);
  else
    Finish(end);
}

}  // namespace retake
