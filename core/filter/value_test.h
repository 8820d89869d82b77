#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "filter/caseless_text.h"

namespace google::protobuf {
class EnumDescriptor;
}

namespace retake {

// A number, exact where it is an integer: ids of 64 bits do not fit a double.
struct FilterNumber {
  enum class Unit : std::uint8_t { None, Time, Size };  // Time is in nanoseconds, Size in bytes
  double real = 0;
  std::optional<std::int64_t> integer = {};
  std::optional<std::uint64_t> natural = {};
  Unit unit = Unit::None;

  static FilterNumber of(std::int64_t value);
  static FilterNumber of(std::uint64_t value);
  static FilterNumber of(double value);
  // -1, 0 or 1; nothing where one of them is no number.
  std::optional<int> compare(const FilterNumber& other) const;
};
// "250ms", "-3", "1.5MB", "1e3": empty for anything else.
std::optional<FilterNumber> parseFilterNumber(std::string_view text);

// What is held against a value: one of the alternatives of a term.
struct ValueTest {
  enum class Op : std::uint8_t {
    Contains,
    Equals,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    Within  // from..to, either may be open
  };
  Op op = Op::Equals;
  std::string text;     // as it was written, without quotes
  bool quoted = false;  // then it is text, and no number
  // What the text is when read as something else. Of Within: where it begins.
  std::optional<FilterNumber> number = {};
  std::optional<std::int64_t> seconds = {};  // a point in time, since the epoch
  std::int32_t nanos = 0;
  // Of Within: where it ends.
  std::string upperText = {};
  std::optional<FilterNumber> upper = {};
  std::optional<std::int64_t> upperSeconds = {};
  std::int32_t upperNanos = 0;
  std::shared_ptr<const CaselessText> finder = {};  // Contains, Equals
  std::shared_ptr<const re2::RE2> pattern = {};     // Matches
  std::optional<std::string> bytes = {};            // the text read as hexadecimal pairs

  bool ofText(std::string_view value) const;
  bool ofBytes(ByteView value) const;
  bool ofNumber(const FilterNumber& value) const;
  bool ofBool(bool value) const;
  bool ofEnum(const google::protobuf::EnumDescriptor& type, std::int32_t value) const;
  bool ofTime(std::int64_t seconds, std::int32_t nanos, std::string_view asText) const;
  bool ofDuration(std::int64_t seconds, std::int32_t nanos, std::string_view asText) const;

 private:
  bool isWithinTimes() const { return op == Op::Within && (seconds || upperSeconds); }
  bool withinTimes(std::int64_t seconds, std::int32_t nanos) const;
  bool ordered(int comparison) const;  // Less...GreaterOrEqual, Equals
};

// Alternatives, any of which will do.
struct ValueTests {
  std::vector<ValueTest> any;
  bool negated = false;  // != and !~: it exists and is none of these
  template <typename Ask>
  bool ask(const Ask& matches) const {
    for (const ValueTest& test : any)
      if (matches(test)) return !negated;
    return negated;
  }
  bool ofText(std::string_view value) const {
    return ask([&](const ValueTest& test) { return test.ofText(value); });
  }
};

}  // namespace retake
