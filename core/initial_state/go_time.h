#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "initial_state/text_problem.h"

// What Go's time.Time.MarshalBinary writes, which many tests keep as the initial state of a recording.
// Source: go.dev/src/time/time.go.
//
//   time := version seconds nanoseconds zone [zoneSeconds]
//   version      1 byte: 1, or 2 where the zone has seconds (local mean times, before there were time zones)
//   seconds      8 bytes big-endian, signed: since 0001-01-01 00:00:00 UTC
//   nanoseconds  4 bytes big-endian: 0 to 999999999
//   zone         2 bytes big-endian, signed: minutes east of UTC; -1 is time.UTC itself
//   zoneSeconds  1 byte, signed as the zone is, in version 2 alone: 1 to 59 seconds more of it
//
// The zone's name and the monotonic clock are never written.
namespace retake {

struct GoTime {
  std::int64_t seconds = 0;  // since 0001-01-01 00:00:00 UTC
  std::int32_t nanoseconds = 0;
  // East of UTC. Empty: time.UTC, which is another zone than one of offset 0, as London's in winter.
  std::optional<std::int32_t> offsetSeconds;
  bool operator==(const GoTime&) const = default;
};

inline constexpr std::int64_t kGoUnixEpoch = 62'135'596'800;  // 1970-01-01 in GoTime::seconds

// An Error where Go would not have written these bytes: so writeGoTime() gives the same bytes again.
Result<GoTime> readGoTime(ByteView bytes);
// An Error for a zone that Go does not write: from 1:00 to 1:59 minutes west (-1 means UTC), or 546 hours
// away.
Result<std::string> writeGoTime(const GoTime& time);

// "2019-05-12T14:03:21.5+02:00", RFC 3339 in the time's own zone, "Z" for time.UTC alone. Beyond RFC 3339:
// seconds of the zone ("+00:19:32"), and years outside of 0000 to 9999 with their sign ("+10000").
std::string goTimeText(const GoTime& time);
// Reads that. Also takes a blank for the "T", and small letters.
std::optional<TextProblem> readGoTimeText(std::string_view text, GoTime& time);

// The same moment in UTC.
GoTime inUtc(GoTime time);

}  // namespace retake
