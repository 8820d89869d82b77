#include "client/forwarded_call.h"

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include "base/tsan.h"
#include "client/grpc_lifetime.h"
#include "recording/grpc_metadata.h"

namespace retake {
namespace {

// gRPC has no other way to tell a status that came over the wire from one of its own.
bool isFromPeer(const std::string& debugText) {
  return debugText.find("Error received from peer") != std::string::npos;
}

}  // namespace

std::shared_ptr<ForwardedCall> ForwardedCall::start(const std::shared_ptr<grpc::Channel>& channel,
                                                    Begin begin, Events events) {
  keepCallbackThreads();
  auto call = std::make_shared<ForwardedCall>(channel, std::move(begin), std::move(events));
  const std::lock_guard lock(call->m_mutex);
  call->m_self = call;
  { const TsanScope made(call.get()); }
  grpc::GenericStub(channel).PrepareBidiStreamingCall(&call->m_context, call->m_method, {}, call.get());
  // What is started from outside of a reaction needs the reactor to be there: until letGo().
  call->AddHold();
  call->StartCall();
  return call;
}

ForwardedCall::ForwardedCall(const std::shared_ptr<grpc::Channel>& channel, Begin begin, Events events)
    : m_channel(channel), m_method(std::move(begin.method)), m_events(std::move(events)) {
  for (const MetadataEntry& entry : begin.metadata)
    if (isEndToEnd(entry.key) && whyNotSendable(entry).empty()) m_context.AddMetadata(entry.key, entry.value);
  if (begin.deadline) m_context.set_deadline(*begin.deadline);
}

ForwardedCall::~ForwardedCall() = default;

void ForwardedCall::read() {
  const std::lock_guard lock(m_mutex);
  if (m_over) return;
  // gRPC may tell of headers and of the first message on two threads at once.
  if (!m_headersKnown) {
    m_readWanted = true;
    return;
  }
  StartRead(&m_read);
}

void ForwardedCall::write(grpc::ByteBuffer message) {
  const std::lock_guard lock(m_mutex);
  if (m_over) return;
  m_write.Swap(&message);
  StartWrite(&m_write);
}

void ForwardedCall::halfClose() {
  const std::lock_guard lock(m_mutex);
  if (m_over || m_halfClosed) return;
  m_halfClosed = true;
  StartWritesDone();
}

void ForwardedCall::cancel() {
  const std::lock_guard lock(m_mutex);
  if (m_over) return;
  m_context.TryCancel();
  letGo();
}

void ForwardedCall::letGo() {
  m_over = true;
  RemoveHold();
}

void ForwardedCall::OnReadInitialMetadataDone(bool ok) {
  const TsanScope tsan(this);
  if (ok) m_events.onHeaders(endToEndOf(m_context.GetServerInitialMetadata()));
  const std::lock_guard lock(m_mutex);
  m_headersKnown = true;
  if (m_readWanted && !m_over) StartRead(&m_read);
}

void ForwardedCall::OnReadDone(bool ok) {
  const TsanScope tsan(this);
  if (!ok) {
    const std::lock_guard lock(m_mutex);
    if (!m_over) letGo();
  }
  m_events.onRead(ok ? &m_read : nullptr);
}

void ForwardedCall::OnWriteDone(bool ok) {
  const TsanScope tsan(this);
  m_events.onWritten(ok);
}

void ForwardedCall::OnDone(const grpc::Status& status) {
  std::shared_ptr<ForwardedCall> self;
  {
    const TsanScope tsan(this);
    self = std::move(m_self);
    End end{.code = status.error_code(), .message = status.error_message()};
    const auto& trailers = m_context.GetServerTrailingMetadata();
    if (const auto details = trailers.find("grpc-status-details-bin"); details != trailers.end())
      end.details.assign(details->second.data(), details->second.size());
    end.trailers = endToEndOf(trailers);
    // A call that no connection took has the channel's own target for a peer (upstream.cpp).
    end.reached = !m_context.peer().starts_with("dns:") && !m_context.peer().starts_with("unix:///");
    end.isService = status.ok() || isFromPeer(m_context.debug_error_string());
    const Events events = std::exchange(m_events, {});
    events.onEnd(std::move(end));
  }
}

}  // namespace retake
