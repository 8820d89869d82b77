#include "schema/call_kind.h"

#include <google/protobuf/descriptor.h>

#include "recording/entry_extras.h"

namespace retake {

CallKind callKind(const Schema& schema, const Recording& recording, const Call& call) {
  return callKind(schema, recording.methodName(recording.info(call.first).method)).value_or(call.kind);
}

bool isCutOff(const Schema& schema, const Recording& recording, const Call& call) {
  Call known = call;
  if (call.isStream())
    if (const CallKind kind = callKind(schema, recording, call); kind != CallKind::Unary) known.kind = kind;
  const CallEnd end = callEnd(recording, known);
  if (end.kind == CallEnd::Kind::Error)
    return extrasOf(recording, *end.entry).canceller == EntryExtras::Canceller::Recorder;
  if (end.kind == CallEnd::Kind::Ok &&
      (known.kind != CallKind::ClientStream || recording.info(*end.entry).isError))
    return false;
  // The answer of a client stream is its end, too: a recorder has trailers there, be it empty ones, and
  // nowhere else.
  if (!extrasOf(recording, call.first).timeNanos) return false;
  for (auto at = call.rest.rbegin(); at != call.rest.rend(); ++at)
    if (recording.info(*at).kind == EntryKind::Recv) return !extrasOf(recording, *at).trailers;
  return true;
}

std::optional<CallKind> callKind(const Schema& schema, std::string_view method) {
  return callKind(schema.method(method));
}

std::optional<CallKind> callKind(const google::protobuf::MethodDescriptor* method) {
  if (!method) return std::nullopt;
  if (method->client_streaming())
    return method->server_streaming() ? CallKind::BidiStream : CallKind::ClientStream;
  return method->server_streaming() ? CallKind::ServerStream : CallKind::Unary;
}

std::string_view messageTypeOf(const Schema& schema, std::string_view method, bool isRequest) {
  return messageTypeOf(schema.method(method), isRequest);
}

std::string_view messageTypeOf(const google::protobuf::MethodDescriptor* method, bool isRequest) {
  if (!method) return {};
  return (isRequest ? method->input_type() : method->output_type())->full_name();
}

}  // namespace retake
