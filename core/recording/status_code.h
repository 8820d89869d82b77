#pragma once

#include <cstdint>

// The codes of a gRPC status by name: grpc.github.io/grpc/core/md_doc_statuscodes.html.
namespace retake::status_code {

inline constexpr std::int32_t kOk = 0;
inline constexpr std::int32_t kCancelled = 1;
inline constexpr std::int32_t kUnknown = 2;
inline constexpr std::int32_t kInvalidArgument = 3;
inline constexpr std::int32_t kDeadlineExceeded = 4;
inline constexpr std::int32_t kNotFound = 5;
inline constexpr std::int32_t kUnimplemented = 12;
inline constexpr std::int32_t kInternal = 13;
inline constexpr std::int32_t kUnavailable = 14;

}  // namespace retake::status_code
