#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// A gRPC status as data: recorded, edited or about to be served. Never our own error type.
// Source of codes: grpc.github.io/grpc/core/md_doc_statuscodes.html; of the bytes: google.rpc.Status
// (code = 1 int32, message = 2 string, details = 3 repeated google.protobuf.Any).
namespace retake {

inline constexpr std::string_view kTypeUrlPrefix = "type.googleapis.com/";
inline constexpr std::string_view kStatusType = "google.rpc.Status";

struct Any {
  std::string typeUrl;
  std::string value;
  bool operator==(const Any&) const = default;
};

struct Status {
  std::int32_t code = 0;
  std::string message;
  std::vector<Any> details;
  bool operator==(const Status&) const = default;
};

// "NOT_FOUND" for 5; the number in words for a code that gRPC does not name.
std::string statusCodeName(std::int32_t code);
// 5 for "NOT_FOUND", "not_found", "NotFound" and "5"; empty for what is no code of gRPC.
std::optional<std::int32_t> statusCodeFromName(std::string_view name);

// From and to the bytes of a google.rpc.Status. Fields it does not know are left out.
Result<Status> parseStatus(ByteView bytes);
std::string serializeStatus(const Status& status);

}  // namespace retake
