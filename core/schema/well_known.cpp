#include "schema/well_known.h"

#include <google/protobuf/descriptor.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace retake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr std::int64_t kMaxDuration = 315576000000;  // ten thousand years, as duration.proto has it
constexpr std::int32_t kBillion = 1'000'000'000;

bool has(const Descriptor& type, int number, FieldDescriptor::Type fieldType, bool repeated = false) {
  const FieldDescriptor* field = type.FindFieldByNumber(number);
  return field && field->type() == fieldType && field->is_repeated() == repeated;
}

bool isSecondsNanos(const Descriptor& type) {
  return has(type, 1, FieldDescriptor::TYPE_INT64) && has(type, 2, FieldDescriptor::TYPE_INT32);
}

bool isValue(const Descriptor& type) {
  return has(type, 1, FieldDescriptor::TYPE_ENUM) && has(type, 2, FieldDescriptor::TYPE_DOUBLE) &&
         has(type, 3, FieldDescriptor::TYPE_STRING) && has(type, 4, FieldDescriptor::TYPE_BOOL) &&
         has(type, 5, FieldDescriptor::TYPE_MESSAGE) && has(type, 6, FieldDescriptor::TYPE_MESSAGE) &&
         type.FindFieldByNumber(1)->containing_oneof() != nullptr;
}

bool isStruct(const Descriptor& type) {
  const FieldDescriptor* fields = type.FindFieldByNumber(1);
  return fields && fields->is_map() && has(*fields->message_type(), 1, FieldDescriptor::TYPE_STRING) &&
         has(*fields->message_type(), 2, FieldDescriptor::TYPE_MESSAGE);
}

// Days since 1970-01-01 of a date, and back: Howard Hinnant, "chrono-compatible low-level date algorithms".
std::int64_t daysOf(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto yearOfEra = static_cast<unsigned>(year - era * 400);
  const unsigned dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + static_cast<std::int64_t>(dayOfEra) - 719468;
}

struct Date {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

Date dateOf(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto dayOfEra = static_cast<unsigned>(days - era * 146097);
  const unsigned yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const unsigned dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const unsigned shifted = (5 * dayOfYear + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<int>(static_cast<std::int64_t>(yearOfEra) + era * 400 + (month <= 2 ? 1 : 0)), month,
          dayOfYear - (153 * shifted + 2) / 5 + 1};
}

// ".5", ".000001": nothing, three, six or nine digits, as protobuf's own printers do.
std::string fractionText(std::int32_t nanos) {
  if (nanos == 0) return {};
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), ".%09d", nanos);
  std::string text = buffer.data();
  while (text.size() > 4 && text.ends_with("000")) text.resize(text.size() - 3);
  return text;
}

// Reads what a fixed form is made of, from the left.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_text(text) {}
  bool take(char c) {
    if (m_text.empty() || m_text.front() != c) return false;
    m_text.remove_prefix(1);
    return true;
  }
  bool digits(std::size_t count, unsigned& value) {
    if (m_text.size() < count) return false;
    const auto end = std::from_chars(m_text.data(), m_text.data() + count, value);
    if (end.ec != std::errc() || end.ptr != m_text.data() + count) return false;
    m_text.remove_prefix(count);
    return true;
  }
  // Up to nine digits behind a point that was taken.
  bool fraction(std::int32_t& nanos) {
    nanos = 0;
    std::int32_t unit = kBillion;
    while (!m_text.empty() && m_text.front() >= '0' && m_text.front() <= '9') {
      if (unit == 1) return false;
      unit /= 10;
      nanos += (m_text.front() - '0') * unit;
      m_text.remove_prefix(1);
    }
    return unit < kBillion;
  }
  std::string_view rest() const { return m_text; }
  void skip(std::size_t count) { m_text.remove_prefix(count); }

 private:
  std::string_view m_text;
};

}  // namespace

WellKnown wellKnown(const Descriptor& type) {
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_ANY:
      return has(type, 1, FieldDescriptor::TYPE_STRING) && has(type, 2, FieldDescriptor::TYPE_BYTES)
                 ? WellKnown::Any
                 : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return isSecondsNanos(type) ? WellKnown::Timestamp : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return isSecondsNanos(type) ? WellKnown::Duration : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return has(type, 1, FieldDescriptor::TYPE_STRING, true) ? WellKnown::FieldMask : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return isStruct(type) &&
                     isValue(*type.FindFieldByNumber(1)->message_type()->FindFieldByNumber(2)->message_type())
                 ? WellKnown::Struct
                 : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_VALUE:
      return isValue(type) ? WellKnown::Value : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return has(type, 1, FieldDescriptor::TYPE_MESSAGE, true) &&
                     isValue(*type.FindFieldByNumber(1)->message_type())
                 ? WellKnown::ListValue
                 : WellKnown::None;
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
      return WellKnown::None;
    default: {
      const FieldDescriptor* value = type.FindFieldByNumber(1);
      return value && !value->is_repeated() && value->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE
                 ? WellKnown::Wrapper
                 : WellKnown::None;
    }
  }
}

std::optional<std::string> timestampText(std::int64_t seconds, std::int32_t nanos) {
  if (seconds < kFirstSecond || seconds > kLastSecond || nanos < 0 || nanos >= kBillion) return std::nullopt;
  std::int64_t days = seconds / 86400;
  if (seconds % 86400 < 0) --days;
  const Date date = dateOf(days);
  const auto second = static_cast<int>(seconds - days * 86400);
  std::array<char, 80> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", date.year, date.month,
                date.day, second / 3600, second / 60 % 60, second % 60);
  return buffer.data() + fractionText(nanos) + "Z";
}

std::optional<std::string> durationText(std::int64_t seconds, std::int32_t nanos) {
  if (seconds < -kMaxDuration || seconds > kMaxDuration || nanos <= -kBillion || nanos >= kBillion ||
      (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0))
    return std::nullopt;
  const bool negative = seconds < 0 || nanos < 0;
  return (negative ? "-" : "") + std::to_string(seconds < 0 ? -seconds : seconds) +
         fractionText(nanos < 0 ? -nanos : nanos) + "s";
}

std::optional<SecondsNanos> parseTimestamp(std::string_view text) {
  Scanner in(text);
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!in.digits(4, year) || !in.take('-') || !in.digits(2, month) || !in.take('-') || !in.digits(2, day) ||
      !(in.take('T') || in.take('t')) || !in.digits(2, hour) || !in.take(':') || !in.digits(2, minute) ||
      !in.take(':') || !in.digits(2, second))
    return std::nullopt;
  SecondsNanos result;
  if (in.take('.') && !in.fraction(result.nanos)) return std::nullopt;
  std::int64_t offset = 0;
  if (!in.take('Z') && !in.take('z')) {
    const bool behind = in.take('-');
    unsigned hours = 0, minutes = 0;
    if ((!behind && !in.take('+')) || !in.digits(2, hours) || !in.take(':') || !in.digits(2, minutes) ||
        hours > 23 || minutes > 59)
      return std::nullopt;
    offset = static_cast<std::int64_t>(hours * 3600 + minutes * 60) * (behind ? -1 : 1);
  }
  static constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (!in.rest().empty() || month < 1 || month > 12 || day < 1 ||
      day > kDays[month - 1] + (month == 2 && leap ? 1u : 0u) || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  result.seconds = daysOf(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
  if (result.seconds < kFirstSecond || result.seconds > kLastSecond) return std::nullopt;
  return result;
}

std::optional<SecondsNanos> parseDuration(std::string_view text) {
  Scanner in(text);
  const bool negative = in.take('-');
  SecondsNanos result;
  const std::string_view digits = in.rest();
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), result.seconds);
  if (end.ec != std::errc() || result.seconds > kMaxDuration) return std::nullopt;
  in.skip(static_cast<std::size_t>(end.ptr - digits.data()));
  if (in.take('.') && !in.fraction(result.nanos)) return std::nullopt;
  if (!in.take('s') || !in.rest().empty()) return std::nullopt;
  if (negative) result = {-result.seconds, -result.nanos};
  return result;
}

std::optional<std::string> maskPathToJson(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if ((c >= 'A' && c <= 'Z') || c == ',') return std::nullopt;
    if (c != '_') {
      out += c;
      continue;
    }
    if (++i == path.size() || path[i] < 'a' || path[i] > 'z') return std::nullopt;
    out += static_cast<char>(path[i] - 'a' + 'A');
  }
  return out;
}

std::optional<std::string> maskPathFromJson(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '_') return std::nullopt;
    if (c >= 'A' && c <= 'Z') {
      out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace retake
