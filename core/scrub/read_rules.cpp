#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "filter/query.h"
#include "schema/field_path.h"
#include "schema/text.h"
#include "scrub/rule_messages.h"

namespace retake {
namespace {

using Place = ScrubWhere::Place;
using Action = ScrubAction::Kind;

std::string inQuotes(std::string_view text) {
  std::string out;
  appendJsonString(out, utf8Prefix(text, 80));
  return out;
}

bool isTypeName(std::string_view name) {
  bool begins = true;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (begins || ((c < '0' || c > '9') && c != '.'))) return false;
    begins = c == '.';
  }
  return !begins;
}

bool isMetadataKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

class RuleReader {
 public:
  RuleReader(const TextPlace& at, const v1::ScrubRule& message, TextErrors& errors)
      : m_at(at), m_message(message), m_errors(errors) {}

  ScrubRule read() {
    ScrubRule rule;
    rule.on = !m_message.off();
    rule.name = m_message.name();
    scope(rule);
    where(rule.where);
    pattern(rule.where);
    action(rule.action);
    return rule;
  }

 private:
  void complain(const char* field, const std::string& sentence) {
    m_at.complain(m_errors, field, -1, sentence);
  }

  void scope(ScrubRule& rule) {
    rule.scope = m_message.scope();
    const auto query = Query::parse(rule.scope);
    if (query) return;
    // "filter: column 8: expected ..."
    std::string_view what = query.error().message;
    constexpr std::string_view kPlace = "filter: ";
    if (what.starts_with(kPlace)) what.remove_prefix(kPlace.size());
    complain("scope", "scope " + inQuotes(rule.scope) + ": " + std::string(what));
  }

  void where(ScrubWhere& where) {
    switch (m_message.where_case()) {
      case v1::ScrubRule::kAny:
        where.place = m_message.any() == v1::ScrubRule::STRING  ? Place::AnyString
                      : m_message.any() == v1::ScrubRule::BYTES ? Place::AnyBytes
                                                                : Place::AnyText;
        if (!v1::ScrubRule::Any_IsValid(m_message.any()))
          complain("any", "expected TEXT, STRING or BYTES for any, found " + std::to_string(m_message.any()));
        break;
      case v1::ScrubRule::kField:
        where = {Place::Field, m_message.field()};
        if (const auto path = parseFieldPath(where.path); !path) complain("field", path.error().message);
        break;
      case v1::ScrubRule::kMessage:
        where = {Place::MessageType, m_message.message()};
        if (!isTypeName(where.path))
          complain("message",
                   "expected a message type (\"pkg.Message\") for message, found " + inQuotes(where.path));
        break;
      case v1::ScrubRule::kMetadata:
        where = {Place::MetadataKey, m_message.metadata()};
        if (where.path != "*" && !isMetadataKey(where.path))
          complain("metadata", "expected a key of metadata in lower case, or \"*\", for metadata, found " +
                                   inQuotes(where.path));
        break;
      case v1::ScrubRule::kInitialState:
        where.place = Place::InitialState;
        if (!m_message.initial_state())
          complain("initial_state", "expected true for initial_state, found false");
        break;
      case v1::ScrubRule::WHERE_NOT_SET:
        break;
    }
  }

  void pattern(ScrubWhere& where) {
    where.pattern = m_message.pattern();
    if (where.pattern.empty()) return;
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 pattern(where.pattern, options);
    if (!pattern.ok())
      complain("pattern", "pattern " + inQuotes(where.pattern) +
                              ": expected a regular expression (RE2), found " + pattern.error());
  }

  void action(ScrubAction& action) {
    switch (m_message.action_case()) {
      case v1::ScrubRule::kRedact:
        action.kind = Action::Redact;
        break;
      case v1::ScrubRule::kReplace:
        action.kind = Action::Replace;
        action.with = m_message.replace();
        break;
      case v1::ScrubRule::kRemove:
        action.kind = Action::Remove;
        break;
      case v1::ScrubRule::kKeepLast:
        action.kind = Action::KeepLast;
        action.count = m_message.keep_last();
        break;
      case v1::ScrubRule::kMask:
        action.kind = Action::Mask;
        break;
      case v1::ScrubRule::kHash:
        action.kind = Action::Hash;
        break;
      case v1::ScrubRule::kFake:
        action.kind = Action::Fake;
        action.fake = static_cast<FakeKind>(m_message.fake());  // in the same order
        if (!v1::ScrubRule::Fake_IsValid(m_message.fake()))
          complain("fake", "expected one of its names for fake, found " + std::to_string(m_message.fake()));
        break;
      case v1::ScrubRule::kShiftTime:
        action.kind = Action::ShiftTime;
        if (const auto shift = parseShift(m_message.shift_time()))
          action.shift = *shift;
        else
          complain("shift_time", shift.error().message);
        break;
      case v1::ScrubRule::ACTION_NOT_SET:
        break;
    }
  }

  const TextPlace& m_at;
  const v1::ScrubRule& m_message;
  TextErrors& m_errors;
};

// What a rule as a whole lacks.
std::string whatLacks(const v1::ScrubRule& rule) {
  if (rule.name().empty()) return "expected a name for rule, found none";
  const std::string whose = "rule " + inQuotes(rule.name()) + ": ";
  const bool anyText = rule.where_case() == v1::ScrubRule::WHERE_NOT_SET ||
                       (rule.has_any() && rule.any() == v1::ScrubRule::TEXT);
  if (anyText && rule.pattern().empty())
    return whose + (rule.has_any() ? "expected a pattern beside any: TEXT, found none"
                                   : "expected where it applies (any, field, message, metadata, "
                                     "initial_state or a pattern), found nothing");
  if (rule.action_case() == v1::ScrubRule::ACTION_NOT_SET)
    return whose +
           "expected an action (redact, replace, remove, keep_last, mask, hash, fake or shift_time), found "
           "none";
  return {};
}

}  // namespace

ScrubRules readRules(const TextPlace& at, const RuleMessages& messages, TextErrors& errors) {
  ScrubRules rules;
  std::set<std::string> names;
  // A slip in a field's name should not be told a second time as the field that lacks.
  const bool isWhole = errors.empty();
  for (int i = 0; i < messages.size(); ++i) {
    const v1::ScrubRule& message = messages[i];
    const TextPlace here = at.in(message, "rule", i);
    rules.push_back(RuleReader(here, message, errors).read());
    if (const std::string lacks = whatLacks(message); isWhole && !lacks.empty())
      at.complain(errors, "rule", i, lacks);
    if (!message.name().empty() && !names.insert(message.name()).second)
      here.complain(errors, "name", -1,
                    "expected a name that no rule before has, found " + inQuotes(message.name()) + " again");
  }
  return rules;
}

void writeRules(const ScrubRules& rules, RuleMessages& into) {
  for (const ScrubRule& rule : rules) {
    v1::ScrubRule& out = *into.Add();
    out.set_name(rule.name);
    out.set_off(!rule.on);
    out.set_scope(rule.scope);
    switch (rule.where.place) {
      case Place::AnyText:
        break;  // the pattern alone says so
      case Place::Field:
        out.set_field(rule.where.path);
        break;
      case Place::AnyString:
        out.set_any(v1::ScrubRule::STRING);
        break;
      case Place::AnyBytes:
        out.set_any(v1::ScrubRule::BYTES);
        break;
      case Place::MessageType:
        out.set_message(rule.where.path);
        break;
      case Place::MetadataKey:
        out.set_metadata(rule.where.path);
        break;
      case Place::InitialState:
        out.set_initial_state(true);
        break;
    }
    out.set_pattern(rule.where.pattern);
    switch (rule.action.kind) {
      case Action::Redact:
        out.mutable_redact();
        break;
      case Action::Replace:
        out.set_replace(rule.action.with);
        break;
      case Action::Remove:
        out.mutable_remove();
        break;
      case Action::KeepLast:
        out.set_keep_last(rule.action.count);
        break;
      case Action::Mask:
        out.mutable_mask();
        break;
      case Action::Hash:
        out.mutable_hash();
        break;
      case Action::Fake:
        out.set_fake(static_cast<v1::ScrubRule::Fake>(rule.action.fake));
        break;
      case Action::ShiftTime:
        out.set_shift_time(shiftText(rule.action.shift));
        break;
    }
  }
}

}  // namespace retake
