#include "record/recording_interceptor.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message_lite.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "record/call_recorder.h"
#include "recording/grpc_metadata.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

using grpc::experimental::ClientRpcInfo;
using Hook = grpc::experimental::InterceptionHookPoints;
using Canceller = EntryExtras::Canceller;
using std::chrono::nanoseconds;
using std::chrono::system_clock;

std::string bytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

Status statusOf(const grpc::Status& status) {
  Status made{.code = status.error_code(), .message = status.error_message(), .details = {}};
  if (const auto parsed = parseStatus(status.error_details())) made.details = parsed->details;
  return made;
}

CallKind kindOf(bool clientStreams, bool serverStreams) {
  if (clientStreams) return serverStreams ? CallKind::BidiStream : CallKind::ClientStream;
  return serverStreams ? CallKind::ServerStream : CallKind::Unary;
}

// What the program that makes the call knows of the method by its own generated code; null: nothing.
const google::protobuf::MethodDescriptor* compiledMethod(std::string_view method) {
  if (!method.starts_with('/')) return nullptr;
  std::string name(method.substr(1));
  std::replace(name.begin(), name.end(), '/', '.');
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
}

// A generic stub makes a stream of whatever is no unary call.
std::optional<CallKind> kindOf(ClientRpcInfo::Type type, MessagePointers pointers) {
  switch (type) {
    case ClientRpcInfo::Type::UNARY:
      return CallKind::Unary;
    case ClientRpcInfo::Type::SERVER_STREAMING:
      return CallKind::ServerStream;
    case ClientRpcInfo::Type::CLIENT_STREAMING:
      return CallKind::ClientStream;
    case ClientRpcInfo::Type::BIDI_STREAMING:
      if (pointers == MessagePointers::MessageLite) return CallKind::BidiStream;
      break;
    case ClientRpcInfo::Type::UNKNOWN:
      break;
  }
  return {};
}

}  // namespace

void RecordingInterceptor::Next::add(Batch* batch) {
  *std::find(proceed.begin(), proceed.end(), nullptr) = batch;
}

RecordingInterceptor::RecordingInterceptor(std::shared_ptr<RecorderState> recorder, MessagePointers pointers,
                                           ClientRpcInfo& info)
    : m_recorder(std::move(recorder)),
      m_pointers(pointers),
      m_method(info.method()),
      m_type(info.type()),
      m_context(*info.client_context()) {}

RecordingInterceptor::~RecordingInterceptor() {
  if (!m_call || m_ended) return;
  tellHeaders();
  if (m_failure) {
    m_call->ended({static_cast<std::int32_t>(grpc::StatusCode::UNKNOWN), m_failure->message, {}});
  } else if (m_sawEnd && !m_cancelled) {
    // A stand-in that waited for such a client to cancel would wait for ever.
    m_recorder->noteOnce(RecorderState::Note::NoStatus, m_method,
                         "the client never asked for the status: recorded as OK");
    m_call->ended({});
  }
}

void RecordingInterceptor::Intercept(Batch* batch) {
  // Within whatever the client does at that time; must not wait.
  if (batch->QueryInterceptionHookPoint(Hook::PRE_SEND_CANCEL)) {
    m_cancelled = true;
    return;
  }
  Next next;
  {
    const std::lock_guard lock(m_mutex);
    if (m_hijacked) {
      answerHijacked(*batch);
      next.add(batch);
    } else if (batch->QueryInterceptionHookPoint(Hook::POST_RECV_INITIAL_METADATA) ||
               batch->QueryInterceptionHookPoint(Hook::POST_RECV_MESSAGE) ||
               batch->QueryInterceptionHookPoint(Hook::POST_RECV_STATUS)) {
      next = onTheWayBack(*batch);
    } else {
      next = onTheWay(*batch);
    }
  }
  // Behind the last of these there may be no call any more, and no interceptor.
  if (next.cancel) m_context.TryCancel();
  if (next.hijack) next.hijack->Hijack();
  for (Batch* const done : next.proceed)
    if (done) done->Proceed();
}

// Or back, and nothing of interest has come.
RecordingInterceptor::Next RecordingInterceptor::onTheWay(Batch& batch) {
  Next next;
  if (batch.GetRecvMessage()) ++m_reads;
  const bool isFirst = batch.QueryInterceptionHookPoint(Hook::PRE_SEND_INITIAL_METADATA);
  if (isFirst) begin(batch);
  if (batch.QueryInterceptionHookPoint(Hook::PRE_SEND_MESSAGE)) {
    if (auto done = messageGoes(batch); !done) {
      if (!m_failure) m_failure = done.error();
      if (isFirst) {
        // A Write has to fail; what a unary call or a server stream begins with has not.
        if (m_type != ClientRpcInfo::Type::UNARY && m_type != ClientRpcInfo::Type::SERVER_STREAMING)
          batch.FailHijackedSendMessage();
        m_hijacked = true;
        next.hijack = &batch;
        return next;
      }
      // The message goes to a call that is over.
      next.cancel = true;
    }
  }
  // A client that has seen the end half-closes all the same; a stand-in must not wait for that before the
  // end.
  if (batch.QueryInterceptionHookPoint(Hook::PRE_SEND_CLOSE) && m_call && !m_sawEnd) m_call->halfClosed();
  next.add(&batch);
  return next;
}

RecordingInterceptor::Next RecordingInterceptor::onTheWayBack(Batch& batch) {
  Next next;
  const bool hasMessage = batch.QueryInterceptionHookPoint(Hook::POST_RECV_MESSAGE);
  const bool hasStatus = batch.QueryInterceptionHookPoint(Hook::POST_RECV_STATUS);
  if (batch.QueryInterceptionHookPoint(Hook::POST_RECV_INITIAL_METADATA)) {
    m_headersKnown = true;
    m_headers = endToEndOf(*batch.GetRecvInitialMetadata());
    // Empty ones may be those of an answer that has none, as an error without a message.
    if (!m_headers->empty()) tellHeaders();
  }
  if (hasMessage) m_heldMessage = &batch;
  if (hasStatus) m_heldStatus = &batch;
  if (!hasMessage && !hasStatus) next.add(&batch);
  if (!m_headersKnown) return next;

  if (Batch* const message = std::exchange(m_heldMessage, nullptr)) {
    --m_reads;
    if (auto done = messageCame(*message); !done) {
      if (!m_failure) m_failure = done.error();
      next.cancel = !m_heldStatus;
    }
    if (message != m_heldStatus) next.add(message);
  }
  if (m_heldStatus && m_reads == 0) {
    end(*m_heldStatus);
    next.add(std::exchange(m_heldStatus, nullptr));
  }
  return next;
}

void RecordingInterceptor::answerHijacked(Batch& batch) {
  if (batch.QueryInterceptionHookPoint(Hook::PRE_SEND_MESSAGE)) batch.FailHijackedSendMessage();
  if (batch.QueryInterceptionHookPoint(Hook::PRE_RECV_MESSAGE)) batch.FailHijackedRecvMessage();
  if (batch.QueryInterceptionHookPoint(Hook::PRE_RECV_STATUS)) end(batch);
}

void RecordingInterceptor::begin(Batch& batch) {
  CallBegin begin{.method = m_method, .kind = kindOf(m_type, m_pointers)};
  const Schema& schema = *m_recorder->options().schema;
  const auto known = callKind(schema, m_method);
  if (const auto* compiled = known ? nullptr : compiledMethod(m_method)) {
    m_requestType = compiled->input_type()->full_name();
    m_responseType = compiled->output_type()->full_name();
    if (!begin.kind) begin.kind = kindOf(compiled->client_streaming(), compiled->server_streaming());
  }
  Metadata& metadata = begin.metadata.emplace();
  for (const auto& [key, value] : *batch.GetSendInitialMetadata()) metadata.push_back({key, value});
  if (const auto deadline = m_context.deadline(); deadline != system_clock::time_point::max())
    begin.timeout = std::max(nanoseconds(0), nanoseconds(deadline - system_clock::now()));
  m_call = CallRecorder::begin(m_recorder, std::move(begin));
}

// What is sent behind the end goes nowhere.
Result<void> RecordingInterceptor::messageGoes(Batch& batch) {
  if (!m_call || m_failure || m_sawEnd) return {};
  return m_call->sent(bytesOf(*batch.GetSerializedSendMessage()), m_requestType);
}

Result<void> RecordingInterceptor::messageCame(Batch& batch) {
  const void* message = batch.GetRecvMessage();
  if (!message) m_sawEnd = true;
  if (!message || !m_call || m_failure) return {};
  tellHeaders();
  if (m_pointers == MessagePointers::ByteBuffer)
    return m_call->received(bytesOf(*static_cast<const grpc::ByteBuffer*>(message)), m_responseType);
  const auto& lite = *static_cast<const google::protobuf::MessageLite*>(message);
  return m_call->received(lite.SerializePartialAsString(), m_responseType);
}

void RecordingInterceptor::tellHeaders() {
  if (m_headers && m_call) m_call->headers(*m_headers);
  m_headers.reset();
}

void RecordingInterceptor::end(Batch& batch) {
  grpc::Status& status = *batch.GetRecvStatus();
  auto canceller = Canceller::Nobody;
  if (m_failure)
    status = grpc::Status(grpc::StatusCode::UNKNOWN, m_failure->message);
  else if (status.error_code() == grpc::StatusCode::CANCELLED)
    canceller = m_cancelled ? Canceller::Client : Canceller::Server;
  else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED)
    canceller = system_clock::now() >= m_context.deadline() ? Canceller::Deadline : Canceller::Server;
  if (!m_call || std::exchange(m_ended, true)) return;
  if (status.ok()) tellHeaders();
  const Metadata trailers = m_hijacked ? Metadata() : endToEndOf(*batch.GetRecvTrailingMetadata());
  m_call->ended(statusOf(status), trailers, canceller);
}

}  // namespace retake
