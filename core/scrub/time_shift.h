#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

// A constant added to times, in whichever form they come; shifting back by the same gives the same again.
// A time that would leave the years 0001 to 9999 (of an epoch number, the numbers of its unit) comes in again
// at the other end. What is no time is left as it is.
namespace retake {

using Seconds = std::chrono::seconds;

// Seconds since 1970, of the years 0001 to 9999 as google.protobuf.Timestamp has them; others pass through.
std::int64_t shiftTimestamp(std::int64_t seconds, Seconds shift);

// A number of seconds, milli-, micro- or nanoseconds since 1970: 10^8 (March 1973) and up to 10^11 are
// seconds, each unit goes on where the one before ends. Negative ones lie before 1970.
std::int64_t shiftEpoch(std::int64_t number, Seconds shift);
std::uint64_t shiftEpoch(std::uint64_t number, Seconds shift);
double shiftEpoch(double number, Seconds shift);

// RFC 3339 with any fraction, zone, case and "T" or space between; also without a zone, or a date alone
// (shifted by whole days). An epoch number in digits, also with a fraction. Everything but the time keeps its
// form.
std::string shiftTimeText(std::string_view text, Seconds shift);

// Text; and what Go's time.MarshalBinary writes, versions 1 and 2.
std::string shiftTimeBytes(ByteView bytes, Seconds shift);

}  // namespace retake
