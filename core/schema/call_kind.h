#pragma once

#include <optional>
#include <string_view>

#include "recording/calls.h"
#include "schema/schema.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace retake {

// The kind of `call`, from the schema where it knows the method, else as it was inferred.
CallKind callKind(const Schema& schema, const Recording& recording, const Call& call);

// Whether the recorder left off before the call was over: it was killed or closed, or did not reach the
// service. Only recordings with extras tell; in those of the Go packages a stream without an end is one that
// its client let go of.
bool isCutOff(const Schema& schema, const Recording& recording, const Call& call);

// What the schema says of a method, "/pkg.Service/Method"; empty where it does not know it.
std::optional<CallKind> callKind(const Schema& schema, std::string_view method);
// "pkg.Message", of the client's or the service's messages; empty likewise.
std::string_view messageTypeOf(const Schema& schema, std::string_view method, bool isRequest);
// The same of what Schema::method() gave; null: not known.
std::optional<CallKind> callKind(const google::protobuf::MethodDescriptor* method);
std::string_view messageTypeOf(const google::protobuf::MethodDescriptor* method, bool isRequest);

}  // namespace retake
