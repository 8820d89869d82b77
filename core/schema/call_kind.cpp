#include "schema/call_kind.h"

#include <google/protobuf/descriptor.h>

namespace retake {

CallKind callKind(const Schema& schema, const Recording& recording, const Call& call) {
  const auto* method = schema.method(recording.methodName(recording.info(call.first).method));
  if (!method) return call.kind;
  if (method->client_streaming())
    return method->server_streaming() ? CallKind::BidiStream : CallKind::ClientStream;
  return method->server_streaming() ? CallKind::ServerStream : CallKind::Unary;
}

}  // namespace retake
