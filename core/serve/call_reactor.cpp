#include "serve/call_reactor.h"

#include "base/tsan.h"
#include "recording/grpc_metadata.h"
#include "replay/served_status.h"
#include "serve/replay_service.h"

namespace retake {
namespace {

grpc::Status onTheWire(const ServedStatus& status) {
  if (status.code == 0 && status.message.empty() && status.details.empty()) return {};
  return {static_cast<grpc::StatusCode>(status.code), status.message, status.details};
}

}  // namespace

CallReactor::CallReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context)
    : CallReactor(service, context, service.serving()->nextSequence()) {}

CallReactor::CallReactor(const ReplayService& service, grpc::GenericCallbackServerContext& context,
                         std::uint64_t sequence)
    : m_serving(service.serving()),
      m_service(service),
      m_context(context),
      m_method(context.method()),
      m_log(*m_serving, service, m_method, sequence),
      m_played(*this, *m_serving, sequence) {}

void CallReactor::start() {
  const TsanScope tsan(this);
  const Turn turn = lock();
  m_entered = m_serving->enter(*this);
  if (m_entered) return m_handler->begin();
  m_finished = true;
  m_log.conclude(ReplayEvent::Outcome::Refused, grpc::StatusCode::UNAVAILABLE, kStoppedText);
  end({grpc::StatusCode::UNAVAILABLE, kStoppedText});
}

void CallReactor::OnReadDone(bool ok) {
  const TsanScope tsan(this);
  const Turn turn = lock();
  m_reading = false;
  if (m_finished) return;
  if (ok) {
    grpc::ByteBuffer message;
    message.Swap(&m_read);
    return m_handler->message(message);
  }
  // The end of what the client sends is either its half-close or its going away, which OnCancel tells.
  if (!m_context.IsCancelled()) m_handler->halfClosed();
}

void CallReactor::OnWriteDone(bool ok) {
  const TsanScope tsan(this);
  const Turn turn = lock();
  m_writing = false;
  if (m_finished) return;
  if (!ok) return abandon(true, {grpc::StatusCode::CANCELLED, "the client is gone"});
  m_handler->written();
}

void CallReactor::OnCancel() {
  const TsanScope tsan(this);
  const Turn turn = lock();
  if (!m_finished) abandon(true, {grpc::StatusCode::CANCELLED, "cancelled"});
}

void CallReactor::OnDone() {
  {
    const TsanScope tsan(this);
    const Turn turn = lock();
    m_done = true;
    m_played.close();
    if (m_handler->close()) handlerOver();
  }
  release();
}

// The server's stop waits for calls until they have left: for an upstream's end as well.
void CallReactor::handlerOver() {
  if (m_done && std::exchange(m_entered, false)) m_serving->leave(*this);
}

void CallReactor::terminate() {
  const Turn turn = lock();
  if (!m_finished) abandon(false, {grpc::StatusCode::UNAVAILABLE, kStoppedText});
}

void CallReactor::cutOff() {
  const std::lock_guard held(m_mutex);
  if (!m_done) m_context.TryCancel();
}

void CallReactor::abandon(bool byClient, grpc::Status status) {
  m_finished = true;
  m_log.conclude(m_handler->abandoned(byClient), status.error_code(), status.error_message());
  end(std::move(status));
}

void CallReactor::end(grpc::Status status) {
  m_end = std::move(status);
  m_due.end = true;
}

// Whoever is asking does so for this turn, too. Behind the end there is nothing to ask for, and the object
// may be gone.
void CallReactor::endTurn(std::unique_lock<std::mutex>& held) {
  if (m_asking) return;
  while (m_due.any()) {
    m_asking = true;
    const Due due = std::exchange(m_due, {});
    held.unlock();
    if (due.headers) StartSendInitialMetadata();
    if (due.write) StartWrite(&m_write);
    if (due.read) StartRead(&m_read);
    if (due.endWithWrite) return StartWriteAndFinish(&m_write, grpc::WriteOptions(), std::move(m_end));
    if (due.end) return Finish(std::move(m_end));
    held.lock();
  }
  m_asking = false;
}

void CallReactor::handOver(std::unique_ptr<CallHandler> next) {
  m_next = std::move(next);
  m_handler = m_next.get();
  m_handler->begin();
}

Metadata CallReactor::metadata() const { return endToEndOf(m_context.client_metadata()); }

std::optional<std::chrono::system_clock::time_point> CallReactor::deadline() const {
  const auto deadline = m_context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::nullopt;
  return deadline;
}

void CallReactor::read() {
  if (m_finished || m_reading) return;
  m_reading = true;
  m_due.read = true;
}

// gRPC aborts the program for what it cannot send.
bool CallReactor::isSendable(const MetadataEntry& entry) const {
  const std::string why = whyNotSendable(entry);
  if (!why.empty()) m_log.note("left out: " + why);
  return why.empty() && isEndToEnd(entry.key);
}

void CallReactor::setHeaders(const Metadata& metadata) {
  if (m_finished) return;
  if (m_headersSent) {
    if (!metadata.empty()) m_log.note("headers came after those that had gone out, and were left out");
    return;
  }
  for (const MetadataEntry& entry : metadata)
    if (isSendable(entry)) m_context.AddInitialMetadata(entry.key, entry.value);
}

void CallReactor::sendHeaders() {
  if (m_finished || m_headersSent) return;
  m_headersSent = true;
  m_due.headers = true;
}

void CallReactor::write(grpc::ByteBuffer& message) {
  if (m_finished) return;
  m_write.Swap(&message);
  m_headersSent = true;
  m_writing = true;
  m_due.write = true;
}

bool CallReactor::isInMemory() const { return m_service.isInMemory(); }

void CallReactor::finish(ReplayEnd&& end, grpc::ByteBuffer* last) {
  if (m_finished) return;
  m_finished = true;
  // An upstream's is sent as it came.
  if (m_service.trailersLimited() && end.outcome != ReplayEvent::Outcome::Forwarded)
    if (auto cut = fitIntoTrailers(end.status, &end.trailers)) m_log.note(std::move(*cut));
  for (const MetadataEntry& entry : end.trailers)
    if (isSendable(entry)) m_context.AddTrailingMetadata(entry.key, entry.value);
  m_log.conclude(end.outcome, end.status.code, end.logText ? *end.logText : end.status.message);
  if (last) {
    m_write.Swap(last);
    m_due.endWithWrite = true;
  }
  this->end(onTheWire(end.status));
}

}  // namespace retake
