#include "panes/go_time.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace retake::gui {
namespace {

// 0001-01-01 to 1970-01-01.
constexpr std::int64_t kUnixToInternal = 62'135'596'800;
// Year 0 to 9999: what RFC 3339 can say, and what a clock has said.
constexpr std::int64_t kEarliest = -62'167'219'200;
constexpr std::int64_t kLatest = 253'402'300'799;

std::uint64_t bigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::optional<GoTime> parseGoTime(std::string_view bytes) {
  if (bytes.size() < 15) return std::nullopt;
  const bool second = bytes[0] == 2;
  if ((bytes[0] != 1 && !second) || bytes.size() != (second ? 16u : 15u)) return std::nullopt;
  GoTime time;
  const auto internal = static_cast<std::int64_t>(bigEndian(bytes.substr(1, 8)));
  // Go can say years before 1; no clock has, and random bytes often would.
  if (internal < 0) return std::nullopt;
  time.unixSeconds = internal - kUnixToInternal;
  const std::uint64_t nanoseconds = bigEndian(bytes.substr(9, 4));
  if (nanoseconds > 999'999'999 || time.unixSeconds < kEarliest || time.unixSeconds > kLatest)
    return std::nullopt;
  time.nanoseconds = static_cast<std::int32_t>(nanoseconds);
  const auto minutes = static_cast<std::int16_t>(bigEndian(bytes.substr(13, 2)));
  if (minutes != -1) {
    const int seconds = second ? static_cast<signed char>(bytes[15]) : 0;
    time.offsetSeconds = minutes * 60 + seconds;
    if (std::abs(*time.offsetSeconds) > 24 * 3600) return std::nullopt;
  }
  return time;
}

std::string goTimeText(const GoTime& time) {
  using namespace std::chrono;
  const sys_seconds local{seconds(time.unixSeconds + time.offsetSeconds.value_or(0))};
  const sys_days day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  std::string out = text;
  if (time.nanoseconds != 0) {
    std::snprintf(text, sizeof text, ".%09d", time.nanoseconds);
    out += text;
    while (out.back() == '0') out.pop_back();
  }
  if (!time.offsetSeconds) return out + 'Z';
  const int offset = std::abs(*time.offsetSeconds);
  std::snprintf(text, sizeof text, "%c%02d:%02d", *time.offsetSeconds < 0 ? '-' : '+', offset / 3600,
                offset / 60 % 60);
  out += text;
  if (offset % 60 != 0) {
    std::snprintf(text, sizeof text, ":%02d", offset % 60);
    out += text;
  }
  return out;
}

}  // namespace retake::gui
