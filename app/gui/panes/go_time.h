#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What Go's time.Time.MarshalBinary writes, which many tests keep as the initial state of a recording.
// Source: go.dev/src/time/time.go.
//
//   byte version (1, or 2 with seconds in the zone), 8 bytes big-endian seconds since 0001-01-01 UTC,
//   4 bytes nanoseconds, 2 bytes signed zone offset in minutes (-1: UTC), in version 2 one byte of
//   seconds more of that offset.
namespace retake::gui {

struct GoTime {
  std::int64_t unixSeconds = 0;
  std::int32_t nanoseconds = 0;
  std::optional<std::int32_t> offsetSeconds;  // empty: UTC
};

// Empty when these are not such bytes: another length or version, nanoseconds or a zone out of range.
std::optional<GoTime> parseGoTime(std::string_view bytes);

// "2019-05-12T14:03:21.5+02:00", as RFC 3339 has it.
std::string goTimeText(const GoTime& time);

}  // namespace retake::gui
