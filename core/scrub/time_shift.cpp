#include "scrub/time_shift.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/utf8.h"
#include "initial_state/civil_time.h"
#include "initial_state/go_time.h"

namespace retake {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kFirstSecond = -kGoUnixEpoch;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253402300799;    // 9999-12-31T23:59:59Z
constexpr std::int64_t kYears = kLastSecond - kFirstSecond;

// A place among `size` moved on by `by`, round and round.
std::int64_t turn(std::int64_t at, Wide by, std::int64_t size) {
  const Wide next = (at + by) % size;
  return static_cast<std::int64_t>(next < 0 ? next + size : next);
}

// A second or day of [low, high] likewise.
std::int64_t turnWithin(std::int64_t value, std::int64_t by, std::int64_t low, std::int64_t high) {
  return low + turn(value - low, by, high - low + 1);
}

// The units of epoch numbers: those from `low` to `high`, and their negatives.
struct Unit {
  std::int64_t low;
  std::int64_t high;
  std::int64_t perSecond;
};
constexpr std::array<Unit, 4> kEpochUnits = {
    {{100'000'000, 99'999'999'999, 1},
     {100'000'000'000, 99'999'999'999'999, 1'000},
     {100'000'000'000'000, 99'999'999'999'999'999, 1'000'000},
     // To the year 2115: with the negatives they fit in 64 bits.
     {100'000'000'000'000'000, 4'600'000'000'000'000'000, 1'000'000'000}}};

const Unit* unitOf(std::int64_t number) {
  for (const Unit& unit : kEpochUnits) {
    if (number >= unit.low && number <= unit.high) return &unit;
    if (number <= -unit.low && number >= -unit.high) return &unit;
  }
  return nullptr;
}

// Negatives stand before the others, without the gap between: a time that crosses it stays in its unit.
std::int64_t shiftWithin(const Unit& unit, std::int64_t number, Seconds shift) {
  const std::int64_t half = unit.high - unit.low + 1;
  const std::int64_t at = number < 0 ? number + unit.high : half + (number - unit.low);
  const std::int64_t moved = turn(at, static_cast<Wide>(shift.count()) * unit.perSecond, 2 * half);
  return moved < half ? moved - unit.high : unit.low + (moved - half);
}

// Reads digits of a fixed width, and writes them again.
class Fields {
 public:
  explicit Fields(std::string& text) : m_text(text) {}
  std::optional<unsigned> number(std::size_t at, std::size_t width) const {
    if (at + width > m_text.size()) return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = at; i < at + width; ++i) {
      if (!absl::ascii_isdigit(m_text[i])) return std::nullopt;
      value = value * 10 + static_cast<unsigned>(m_text[i] - '0');
    }
    return value;
  }
  void set(std::size_t at, std::size_t width, std::int64_t value) {
    for (std::size_t i = at + width; i-- > at; value /= 10) m_text[i] = static_cast<char>('0' + value % 10);
  }
  char at(std::size_t place) const { return place < m_text.size() ? m_text[place] : '\0'; }

 private:
  std::string& m_text;
};

void setDate(Fields& fields, std::int64_t day) {
  const CivilDate date = dateOfDay(day);
  fields.set(0, 4, date.year);
  fields.set(5, 2, date.month);
  fields.set(8, 2, date.day);
}

// "", "Z", "+02:00", "-0800", "+02", with a fraction before.
bool isZone(std::string_view rest) {
  if (rest.starts_with('.') || rest.starts_with(',')) {
    const std::size_t end = rest.find_first_not_of("0123456789", 1);
    if (end == 1 || rest.size() == 1) return false;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  if (rest.empty() || rest == "Z" || rest == "z") return true;
  if (rest.front() != '+' && rest.front() != '-') return false;
  rest.remove_prefix(1);
  std::string digits(rest);
  if (digits.size() == 5 && digits[2] == ':') digits.erase(2, 1);
  return (digits.size() == 4 || digits.size() == 2) &&
         digits.find_first_not_of("0123456789") == std::string::npos;
}

// "2024-01-02", and "T03:04:05" with what may follow.
std::optional<std::string> shiftDateTime(std::string text, Seconds shift) {
  Fields fields(text);
  const auto year = fields.number(0, 4);
  const auto month = fields.number(5, 2);
  const auto day = fields.number(8, 2);
  if (!year || !month || !day || fields.at(4) != '-' || fields.at(7) != '-') return std::nullopt;
  if (*year < 1 || *month < 1 || *month > 12 || *day < 1) return std::nullopt;
  const CivilDate date{*year, static_cast<int>(*month), static_cast<int>(*day)};
  if (date.day > daysInMonth(date.year, date.month)) return std::nullopt;
  const std::int64_t days = dayOfDate(date);
  if (text.size() == 10) {
    const std::int64_t half = shift.count() < 0 ? -kDay / 2 : kDay / 2;
    setDate(fields, turnWithin(days, (shift.count() + half) / kDay, 0, kYears / kDay));
    return text;
  }
  const auto hour = fields.number(11, 2);
  const auto minute = fields.number(14, 2);
  const auto second = fields.number(17, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if (std::string_view("Tt _").find(fields.at(10)) == std::string_view::npos || fields.at(13) != ':' ||
      fields.at(16) != ':' || !isZone(std::string_view(text).substr(19)))
    return std::nullopt;
  // A leap second is the one before it, and stays a 60th where it meets the end of a minute.
  const bool leap = *second == 60;
  const std::int64_t time = days * kDay + *hour * 3600 + *minute * 60 + (leap ? 59 : *second);
  const std::int64_t moved = turnWithin(time, shift.count(), 0, kYears);
  const std::int64_t inDay = moved % kDay;
  setDate(fields, moved / kDay);
  fields.set(11, 2, inDay / 3600);
  fields.set(14, 2, inDay / 60 % 60);
  fields.set(17, 2, inDay % 60 + (leap && inDay % 60 == 59 ? 1 : 0));
  return text;
}

// "1700000000", "-1700000000.25": the whole seconds (or smaller units) are shifted.
std::optional<std::string> shiftNumber(std::string_view text, Seconds shift) {
  std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const std::size_t end = std::min(digits.find_first_not_of("0123456789"), digits.size());
  const std::string_view fraction = digits.substr(end);
  if (end == 0 || end > 19 || digits.front() == '0') return std::nullopt;
  if (!fraction.empty() && (fraction.front() != '.' || fraction.size() == 1 ||
                            fraction.find_first_not_of("0123456789", 1) != std::string_view::npos))
    return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : digits.substr(0, end)) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  if (number > static_cast<std::uint64_t>(kEpochUnits.back().high)) return std::nullopt;
  const auto value = static_cast<std::int64_t>(number);
  const bool negative = text.size() != digits.size();
  return std::to_string(shiftEpoch(negative ? -value : value, shift)) + std::string(fraction);
}

}  // namespace

std::int64_t shiftTimestamp(std::int64_t seconds, Seconds shift) {
  if (seconds < kFirstSecond || seconds > kLastSecond) return seconds;
  return turnWithin(seconds, shift.count(), kFirstSecond, kLastSecond);
}

std::int64_t shiftEpoch(std::int64_t number, Seconds shift) {
  const Unit* unit = unitOf(number);
  return unit ? shiftWithin(*unit, number, shift) : number;
}

std::uint64_t shiftEpoch(std::uint64_t number, Seconds shift) {
  const auto value = static_cast<std::int64_t>(number);
  const Unit* unit = value > 0 ? unitOf(value) : nullptr;
  if (!unit) return number;
  const Wide by = static_cast<Wide>(shift.count()) * unit->perSecond;
  return static_cast<std::uint64_t>(unit->low + turn(value - unit->low, by, unit->high - unit->low + 1));
}

double shiftEpoch(double number, Seconds shift) {
  if (!(std::fabs(number) < 9e18)) return number;  // also what is no number
  const double whole = std::trunc(number);
  const auto value = static_cast<std::int64_t>(whole);
  const std::int64_t moved = shiftEpoch(value, shift);
  return moved == value ? number : number + static_cast<double>(moved - value);
}

std::string shiftTimeText(std::string_view text, Seconds shift) {
  // The longest: a date and time with a fraction as long as one likes.
  if (text.size() < 9 || text.size() > 64) return std::string(text);
  if (auto moved = shiftDateTime(std::string(text), shift)) return *std::move(moved);
  if (auto moved = shiftNumber(text, shift)) return *std::move(moved);
  return std::string(text);
}

std::string shiftTimeBytes(ByteView bytes, Seconds shift) {
  auto time = readGoTime(bytes);
  if (!time) return isValidUtf8(bytes) ? shiftTimeText(bytes, shift) : std::string(bytes);
  if (time->seconds < 0 || time->seconds > kYears) return std::string(bytes);
  time->seconds = turnWithin(time->seconds, shift.count(), 0, kYears);
  const auto written = writeGoTime(*time);
  return written ? *written : std::string(bytes);
}

}  // namespace retake
