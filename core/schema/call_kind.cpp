#include "schema/call_kind.h"

#include <google/protobuf/descriptor.h>

namespace retake {

CallKind callKind(const Schema& schema, const Recording& recording, const Call& call) {
  return callKind(schema, recording.methodName(recording.info(call.first).method)).value_or(call.kind);
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
