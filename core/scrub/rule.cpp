#include "scrub/rule.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/byte_source.h"
#include "schema/suggest.h"
#include "schema/text_format.h"
#include "scrub/rule_library.h"
#include "scrub/rule_messages.h"

namespace retake {
namespace {

constexpr std::string_view kHeader = "# Scrub rules of Retake (proto/retake/scrub.proto).\n";

constexpr std::array<std::pair<char, std::int64_t>, 4> kShiftUnits = {
    {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

std::int64_t secondsOf(char unit) {
  for (const auto& [letter, seconds] : kShiftUnits)
    if (letter == unit) return seconds;
  return 0;
}

std::string_view nameOf(FakeKind kind) {
  switch (kind) {
    case FakeKind::Guess:
      return "value of the same kind";
    case FakeKind::Email:
      return "e-mail address";
    case FakeKind::Name:
      return "name";
    case FakeKind::Uuid:
      return "UUID";
    case FakeKind::Number:
      return "number";
    case FakeKind::IpAddress:
      return "IP address";
    case FakeKind::Phone:
      return "phone number";
    case FakeKind::CardNumber:
      return "card number";
    case FakeKind::Iban:
      return "IBAN";
  }
  return "value";
}

std::string placeOf(const ScrubWhere& where) {
  switch (where.place) {
    case ScrubWhere::Place::AnyText:
      return "any text";
    case ScrubWhere::Place::Field:
      return where.path;
    case ScrubWhere::Place::AnyString:
      return "any string";
    case ScrubWhere::Place::AnyBytes:
      return "any bytes";
    case ScrubWhere::Place::MessageType:
      return "every " + where.path;
    case ScrubWhere::Place::MetadataKey:
      return where.path == "*" ? "all metadata" : "metadata " + where.path;
    case ScrubWhere::Place::InitialState:
      return "the initial state";
  }
  return {};
}

std::string whatOf(const ScrubWhere& where) {
  if (where.pattern.empty()) return placeOf(where);
  return "what matches /" + where.pattern + "/ in " + placeOf(where);
}

std::string actOn(const ScrubAction& action, const std::string& what) {
  switch (action.kind) {
    case ScrubAction::Kind::Redact:
      return "redact " + what;
    case ScrubAction::Kind::Replace:
      return "replace " + what + " by \"" + action.with + "\"";
    case ScrubAction::Kind::Remove:
      return "remove " + what;
    case ScrubAction::Kind::KeepLast:
      return "keep the last " + std::to_string(action.count) + " of " + what;
    case ScrubAction::Kind::Mask:
      return "mask " + what;
    case ScrubAction::Kind::Hash:
      return "hash " + what;
    case ScrubAction::Kind::Fake:
      return "replace " + what + " by a fake " + std::string(nameOf(action.fake));
    case ScrubAction::Kind::ShiftTime:
      return "shift times in " + what + " by " + shiftText(action.shift);
  }
  return {};
}

}  // namespace

Result<std::chrono::seconds> parseShift(std::string_view text) {
  const auto wrong = [&](const std::string& expected) {
    return Error{"expected " + expected + " for shift_time, found \"" + std::string(text) + "\""};
  };
  std::string_view rest = text;
  const bool back = rest.starts_with('-');
  if (back || rest.starts_with('+')) rest.remove_prefix(1);
  constexpr std::int64_t kMost = kMaxShift.count();
  std::int64_t sum = 0;
  std::int64_t lastUnit = kMost;  // the largest first, each once: "1m1d" is a slip
  do {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failure == std::errc::result_out_of_range || number > kMost) return wrong("at most 3650000d");
    if (failure != std::errc() || number < 0) return wrong("a time like \"-400d\" or \"1d12h30m15s\"");
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::int64_t unit = rest.empty() ? 0 : secondsOf(rest.front());
    if (unit == 0 || unit >= lastUnit) return wrong("a time like \"-400d\" or \"1d12h30m15s\"");
    lastUnit = unit;
    rest.remove_prefix(1);
    if (number > (kMost - sum) / unit) return wrong("at most 3650000d");
    sum += number * unit;
  } while (!rest.empty());
  if (sum == 0) return wrong("a time other than 0");
  return std::chrono::seconds(back ? -sum : sum);
}

std::string shiftText(std::chrono::seconds shift) {
  std::string text = shift.count() < 0 ? "-" : "";
  std::uint64_t left = shift.count() < 0 ? ~static_cast<std::uint64_t>(shift.count()) + 1
                                         : static_cast<std::uint64_t>(shift.count());
  if (left == 0) return "0s";
  for (const auto& [letter, seconds] : kShiftUnits) {
    const auto unit = static_cast<std::uint64_t>(seconds);
    if (left >= unit) text += std::to_string(left / unit) + letter;
    left %= unit;
  }
  return text;
}

Result<ScrubRules> parseScrubRules(std::string_view text) {
  if (text.size() > kMaxTextFileBytes)
    return Error{"1:1: expected scrub rules of at most 16 MiB, found " + std::to_string(text.size()) +
                 " bytes"};
  text = withoutByteOrderMark(text);
  v1::ScrubRules message;
  TextErrors errors(text, *v1::ScrubRules::descriptor(), "the scrub rules");
  google::protobuf::TextFormat::ParseInfoTree places;
  const bool parsed = parseTextFormat(text, message, places, errors);
  ScrubRules rules;
  if (parsed) rules = readRules({&message, &places}, message.rule(), errors);
  if (!errors.empty()) return Error{errors.take()};
  if (!parsed) return Error{"1:1: expected scrub rules in text format"};
  return rules;
}

std::string printScrubRules(const ScrubRules& rules) {
  v1::ScrubRules message;
  writeRules(rules, *message.mutable_rule());
  std::string text = "\n" + printTextFormat(message);
  if (rules.empty()) text.clear();
  // No string holds a line end, so these are where one rule ends and the next begins.
  constexpr std::string_view kBetween = "\n}\nrule {";
  for (std::size_t at = 0; (at = text.find(kBetween, at)) != std::string::npos; at += kBetween.size())
    text.insert(at + 3, "\n");
  return std::string(kHeader) + text;
}

Result<ScrubRules> readScrubRules(const std::string& path) {
  if (path.starts_with(kLibraryPrefix)) {
    const std::string id = path.substr(kLibraryPrefix.size());
    if (const RuleSet* set = ruleSet(id)) return set->rules;
    std::vector<std::string> ids;
    for (const RuleSet& set : ruleLibrary()) ids.emplace_back(set.id);
    return Error{path + ": expected a set of the rule library (" + someOf(ids) + "), found \"" + id + "\"" +
                 didYouMean(id, ids)};
  }
  const auto source = openSource(path, {.wholeUpTo = ~std::uint64_t{0}});
  if (!source) return source.error();
  auto rules = parseScrubRules((*source)->buffer());
  if (!rules) return Error{withPath((*source)->name(), rules.error().message)};
  return rules;
}

std::string describe(const ScrubRule& rule) {
  const std::string text = actOn(rule.action, whatOf(rule.where));
  return rule.scope.empty() ? text : text + ", where " + rule.scope;
}

}  // namespace retake
