#include "filter/value_test.h"

#include <google/protobuf/descriptor.h>
#include <re2/re2.h>

#include <array>
#include <charconv>
#include <cmath>

#include "schema/well_known.h"

namespace retake {
namespace {

using Op = ValueTest::Op;

struct Unit {
  std::string_view name;
  FilterNumber::Unit unit;
  std::uint64_t factor;
};
// "m" before "ms" would take its letter: the longest come first.
constexpr std::array<Unit, 10> kUnits = {{{"ns", FilterNumber::Unit::Time, 1},
                                          {"us", FilterNumber::Unit::Time, 1'000},
                                          {"ms", FilterNumber::Unit::Time, 1'000'000},
                                          {"s", FilterNumber::Unit::Time, 1'000'000'000},
                                          {"m", FilterNumber::Unit::Time, 60'000'000'000},
                                          {"kib", FilterNumber::Unit::Size, 1024},
                                          {"mib", FilterNumber::Unit::Size, 1024 * 1024},
                                          {"kb", FilterNumber::Unit::Size, 1000},
                                          {"mb", FilterNumber::Unit::Size, 1'000'000},
                                          {"b", FilterNumber::Unit::Size, 1}}};

template <typename T>
bool readsWhole(std::string_view text, T& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size();
}

template <typename T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// 2026-01-02T03:04:05Z in nanoseconds does not fit 64 bits for every year that protobuf has.
int orderTimes(std::int64_t seconds, std::int32_t nanos, std::int64_t otherSeconds, std::int32_t otherNanos) {
  return seconds != otherSeconds ? order(seconds, otherSeconds) : order(nanos, otherNanos);
}

}  // namespace

FilterNumber FilterNumber::of(std::int64_t value) {
  FilterNumber number{.real = static_cast<double>(value), .integer = value};
  if (value >= 0) number.natural = static_cast<std::uint64_t>(value);
  return number;
}

FilterNumber FilterNumber::of(std::uint64_t value) {
  FilterNumber number{.real = static_cast<double>(value), .natural = value};
  if (value >> 63 == 0) number.integer = static_cast<std::int64_t>(value);
  return number;
}

FilterNumber FilterNumber::of(double value) { return {.real = value}; }

std::optional<int> FilterNumber::compare(const FilterNumber& other) const {
  if (integer && other.integer) return order(*integer, *other.integer);
  if (natural && other.natural) return order(*natural, *other.natural);
  if (std::isnan(real) || std::isnan(other.real)) return std::nullopt;
  return order(real, other.real);
}

std::optional<FilterNumber> parseFilterNumber(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 &&
         ((text[end - 1] >= 'a' && text[end - 1] <= 'z') || (text[end - 1] >= 'A' && text[end - 1] <= 'Z')))
    --end;
  std::string_view digits = text.substr(0, end);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.find_first_of("0123456789") == std::string_view::npos || digits.ends_with('e')) return {};
  if (digits.find_first_not_of("0123456789.+-eE") != std::string_view::npos) return {};
  FilterNumber number;
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  if (readsWhole(digits, integer))
    number = FilterNumber::of(integer);
  else if (readsWhole(digits, natural))
    number = FilterNumber::of(natural);
  else if (!readsWhole(digits, number.real) || !std::isfinite(number.real))
    return {};
  const std::string_view name = text.substr(end);
  if (name.empty()) return number;
  for (const Unit& unit : kUnits) {
    if (!equalsIgnoringCase(name, unit.name)) continue;
    FilterNumber scaled = FilterNumber::of(number.real * static_cast<double>(unit.factor));
    std::int64_t exact = 0;
    if (number.integer &&
        !__builtin_mul_overflow(*number.integer, static_cast<std::int64_t>(unit.factor), &exact))
      scaled = FilterNumber::of(exact);
    scaled.unit = unit.unit;
    return scaled;
  }
  return {};
}

bool ValueTest::ordered(int comparison) const {
  switch (op) {
    case Op::Less:
      return comparison < 0;
    case Op::LessOrEqual:
      return comparison <= 0;
    case Op::Greater:
      return comparison > 0;
    case Op::GreaterOrEqual:
      return comparison >= 0;
    case Op::Contains:
    case Op::Equals:
      return comparison == 0;
    case Op::Matches:
    case Op::Within:
      break;
  }
  return false;
}

bool ValueTest::ofText(std::string_view value) const {
  switch (op) {
    case Op::Contains:
      return finder->occursIn(value);
    case Op::Equals:
      return finder->equals(value);
    case Op::Matches:
      return re2::RE2::PartialMatch(value, *pattern);
    case Op::Less:
    case Op::LessOrEqual:
    case Op::Greater:
    case Op::GreaterOrEqual:
      if (number && !quoted) {
        const auto other = parseFilterNumber(value);
        return other && ofNumber(*other);
      }
      if (seconds && !quoted) {
        const auto time = parseTimestamp(value);
        return time && ordered(orderTimes(time->seconds, time->nanos, *seconds, nanos));
      }
      return ordered(asciiLower(value).compare(asciiLower(text)));
    case Op::Within: {
      if (isWithinTimes()) {
        const auto time = parseTimestamp(value);
        return time && withinTimes(time->seconds, time->nanos);
      }
      const auto other = parseFilterNumber(value);
      return other && ofNumber(*other);
    }
  }
  return false;
}

bool ValueTest::ofBytes(ByteView value) const {
  if (bytes && (op == Op::Equals || op == Op::Contains) &&
      (op == Op::Equals ? value == *bytes : value.find(*bytes) != ByteView::npos))
    return true;
  return ofText(value);
}

bool ValueTest::ofNumber(const FilterNumber& value) const {
  // A time is no count of anything: 5ms is not five million of what a plain field counts.
  const auto fits = [&](const std::optional<FilterNumber>& limit) {
    return limit && (limit->unit != FilterNumber::Unit::Time || value.unit == FilterNumber::Unit::Time);
  };
  if (isWithinTimes()) return false;
  if (op == Op::Within) {
    if (number && (!fits(number) || value.compare(*number).value_or(-1) < 0)) return false;
    return !upper || (fits(upper) && value.compare(*upper).value_or(1) <= 0);
  }
  if (op == Op::Matches) {
    const std::string digits = value.integer   ? std::to_string(*value.integer)
                               : value.natural ? std::to_string(*value.natural)
                                               : std::string();
    return !digits.empty() && re2::RE2::PartialMatch(digits, *pattern);
  }
  if (!fits(number)) return false;
  const auto comparison = value.compare(*number);
  return comparison && ordered(*comparison);
}

bool ValueTest::ofBool(bool value) const {
  if (op == Op::Matches) return ofText(value ? "true" : "false");
  if (op != Op::Equals && op != Op::Contains) return false;
  return equalsIgnoringCase(text, value ? "true" : "false") || text == (value ? "1" : "0");
}

bool ValueTest::ofEnum(const google::protobuf::EnumDescriptor& type, std::int32_t value) const {
  for (int i = 0; i < type.value_count(); ++i) {  // not by number: several names may have one
    const auto& named = *type.value(i);
    if (named.number() != value) continue;
    if (op == Op::Matches
            ? ofText(named.name())
            : (op == Op::Equals || op == Op::Contains) && equalsIgnoringCase(text, named.name()))
      return true;
  }
  return ofNumber(FilterNumber::of(std::int64_t{value}));
}

bool ValueTest::ofTime(std::int64_t s, std::int32_t n, std::string_view asText) const {
  if (op == Op::Contains || op == Op::Matches) return ofText(asText);
  if (op == Op::Within) return isWithinTimes() && withinTimes(s, n);
  return seconds && ordered(orderTimes(s, n, *seconds, nanos));
}

bool ValueTest::withinTimes(std::int64_t s, std::int32_t n) const {
  return (!seconds || orderTimes(s, n, *seconds, nanos) >= 0) &&
         (!upperSeconds || orderTimes(s, n, *upperSeconds, upperNanos) <= 0);
}

bool ValueTest::ofDuration(std::int64_t s, std::int32_t n, std::string_view asText) const {
  if (op == Op::Matches) return ofText(asText);
  FilterNumber value = FilterNumber::of(static_cast<double>(s) * 1e9 + n);
  std::int64_t exact = 0;
  if (!__builtin_mul_overflow(s, std::int64_t{1'000'000'000}, &exact) &&
      !__builtin_add_overflow(exact, std::int64_t{n}, &exact))
    value = FilterNumber::of(exact);
  value.unit = FilterNumber::Unit::Time;
  return ofNumber(value);
}

}  // namespace retake
