#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The types of google.protobuf that JSON writes in a form of their own.
// Source: protobuf.dev/programming-guides/json.
namespace retake {

enum class WellKnown : std::uint8_t {
  None,
  Any,
  Timestamp,
  Duration,
  FieldMask,
  Struct,
  Value,
  ListValue,
  Wrapper
};

// By name, and only if the fields are those that the name promises: a schema may define anything.
WellKnown wellKnown(const google::protobuf::Descriptor& type);

// "2026-01-02T03:04:05.000000006Z"; empty outside of the years 1 to 9999, or for wrong nanoseconds.
std::optional<std::string> timestampText(std::int64_t seconds, std::int32_t nanos);
// "-1.5s"; empty outside of ten thousand years, or when the signs differ.
std::optional<std::string> durationText(std::int64_t seconds, std::int32_t nanos);

struct SecondsNanos {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};
// RFC 3339, with an offset or Z.
std::optional<SecondsNanos> parseTimestamp(std::string_view text);
std::optional<SecondsNanos> parseDuration(std::string_view text);

// "user.display_name" → "user.displayName"; empty when that cannot be turned back.
std::optional<std::string> maskPathToJson(std::string_view path);
std::optional<std::string> maskPathFromJson(std::string_view path);

}  // namespace retake
