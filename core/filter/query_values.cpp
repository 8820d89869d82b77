#include "filter/query_values.h"

#include <re2/re2.h>

#include "base/hex.h"
#include "schema/suggest.h"
#include "schema/well_known.h"

namespace retake {
namespace {

using Op = ValueTest::Op;

// "0a 1b", "0a1b", "0x0a1b".
std::optional<std::string> fromHex(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  std::string bytes;
  while (!text.empty()) {
    if (text.size() < 2 || hexValue(text[0]) < 0 || hexValue(text[1]) < 0) return std::nullopt;
    bytes += static_cast<char>(hexValue(text[0]) * 16 + hexValue(text[1]));
    text.remove_prefix(2);
    if (text.size() > 1 && text.front() == ' ') text.remove_prefix(1);
  }
  if (bytes.empty()) return std::nullopt;
  return bytes;
}

// A day is its midnight in UTC.
auto timeOf(const std::string& text) {
  const auto time = parseTimestamp(text);
  return !time && text.size() == 10 ? parseTimestamp(text + "T00:00:00Z") : time;
}

Result<ValueTest> patternTest(const QueryValue& value) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_case_sensitive(value.caseMatters);
  ValueTest test{.op = Op::Matches, .text = value.text, .quoted = value.caseMatters};
  auto pattern = std::make_shared<const re2::RE2>(value.text, options);
  if (!pattern->ok())
    return Error{sentence(value.at,
                          "expected a regular expression, found \"" + value.text + "\": " + pattern->error()),
                 value.at};
  test.pattern = std::move(pattern);
  return test;
}

Result<ValueTest> textTest(const QueryValue& value, Op op) {
  if (value.isRegex && op != Op::Contains && op != Op::Equals && op != Op::Matches)
    return Error{sentence(value.at, "expected a value to compare with, found a regular expression"),
                 value.at};
  if (value.isRegex || op == Op::Matches) return patternTest(value);
  ValueTest test{.op = op, .text = value.text, .quoted = value.quoted};
  test.number = parseFilterNumber(value.text);
  if (const auto time = timeOf(value.text)) {
    test.seconds = time->seconds;
    test.nanos = time->nanos;
  }
  if (op == Op::Contains || op == Op::Equals) {
    test.finder = std::make_shared<const CaselessText>(value.text);
    test.bytes = fromHex(value.text);
  }
  return test;
}

// "a..b", "a..", "..b" with points in time; nothing where it is not such a range.
std::optional<ValueTest> timeRangeTest(ValueTest test) {
  const auto from = timeOf(test.text);
  const auto to = timeOf(test.upperText);
  if ((!from && !test.text.empty()) || (!to && !test.upperText.empty())) return {};
  test.number.reset();
  if (from) {
    test.seconds = from->seconds;
    test.nanos = from->nanos;
  }
  if (to) {
    test.upperSeconds = to->seconds;
    test.upperNanos = to->nanos;
  }
  return test;
}

// Or with numbers.
std::optional<ValueTest> rangeTest(const QueryValue& value) {
  const std::size_t dots = value.text.find("..");
  if (value.quoted || value.isRegex || dots == std::string::npos || value.text.size() == 2) return {};
  ValueTest test{.op = Op::Within, .text = value.text.substr(0, dots)};
  test.upperText = value.text.substr(dots + 2);
  test.number = parseFilterNumber(test.text);
  test.upper = parseFilterNumber(test.upperText);
  const bool isOfNumbers = (test.number || test.text.empty()) && (test.upper || test.upperText.empty());
  return isOfNumbers ? test : timeRangeTest(std::move(test));
}

std::string_view exampleOf(QueryField::Kind kind) {
  if (kind == QueryField::Kind::Time) return "a time with its unit (ns us ms s m), such as 250ms";
  return kind == QueryField::Kind::Size ? "a size (B kB KiB MB MiB), such as 4kB" : "a number";
}

bool isOfKind(const FilterNumber& number, QueryField::Kind kind) {
  using Unit = FilterNumber::Unit;
  if (kind == QueryField::Kind::Time)
    return number.unit == Unit::Time || (number.unit == Unit::None && number.real == 0);
  if (kind == QueryField::Kind::Size) return number.unit != Unit::Time;
  return number.unit == Unit::None;
}

}  // namespace

Result<ValueTests> textTests(const std::vector<QueryValue>& values, Op op) {
  ValueTests tests;
  for (const QueryValue& value : values) {
    auto test = textTest(value, op);
    if (!test) return test.error();
    tests.any.push_back(*std::move(test));
  }
  return tests;
}

Result<ValueTests> valueTests(const std::vector<QueryValue>& values, Op op) {
  ValueTests tests;
  for (const QueryValue& value : values) {
    if (op == Op::Contains)
      if (auto range = rangeTest(value)) {
        tests.any.push_back(*std::move(range));
        continue;
      }
    auto test = textTest(value, op);
    if (!test) return test.error();
    tests.any.push_back(*std::move(test));
  }
  return tests;
}

Result<ValueTests> nameTests(const QueryField& field, const std::vector<QueryValue>& values, Op op) {
  ValueTests tests;
  for (const QueryValue& value : values) {
    if (value.isRegex || op == Op::Matches) {
      auto test = patternTest(value);
      if (!test) return test.error();
      tests.any.push_back(*std::move(test));
      continue;
    }
    const auto names = canonicalValues(field.field, value.text);
    if (names.empty()) {
      const auto& known = knownValues(field.field);
      const std::string near = didYouMean(value.text, known);
      return Error{sentence(value.at, "expected a " + std::string(field.words) + ", found \"" + value.text +
                                          "\"" + (near.empty() ? ": there are " + someOf(known) : near)),
                   value.at};
    }
    for (const std::string& name : names) {
      ValueTest test{.op = Op::Equals, .text = name};
      test.finder = std::make_shared<const CaselessText>(name);
      tests.any.push_back(std::move(test));
    }
  }
  return tests;
}

Result<ValueTests> numberTests(const QueryField& field, const std::vector<QueryValue>& values, Op op) {
  ValueTests tests;
  for (const QueryValue& value : values) {
    const auto wrong = [&] {
      return Error{sentence(value.at, "expected " + std::string(exampleOf(field.kind)) + ", found \"" +
                                          value.text + "\""),
                   value.at};
    };
    if (value.isRegex) return wrong();
    ValueTest test;
    if (auto range = op == Op::Contains ? rangeTest(value) : std::nullopt) {
      test = *std::move(range);
      if (!test.number && !test.upper) return wrong();
      // "1..5ms" is from 1 ms.
      if (test.number && test.upper && test.number->unit == FilterNumber::Unit::None &&
          test.upper->unit != FilterNumber::Unit::None)
        if (const auto unit = test.upperText.find_first_not_of("0123456789.+-"); unit != std::string::npos) {
          test.text += test.upperText.substr(unit);
          test.number = parseFilterNumber(test.text);
        }
      if ((test.number && !isOfKind(*test.number, field.kind)) ||
          (test.upper && !isOfKind(*test.upper, field.kind)))
        return wrong();
    } else {
      std::string_view text = value.text;
      if (field.field == FilterField::Id && text.starts_with('#')) text.remove_prefix(1);
      test.op = op == Op::Contains ? Op::Equals : op;
      test.text = text;
      test.number = parseFilterNumber(text);
      if (!test.number || !isOfKind(*test.number, field.kind)) return wrong();
    }
    tests.any.push_back(std::move(test));
  }
  return tests;
}

}  // namespace retake
