#include "scrub/scrub_visitor.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/wire.h"
#include "recording/status.h"
#include "schema/json_numbers.h"
#include "schema/text.h"
#include "schema/well_known.h"
#include "scrub/encodings.h"
#include "scrub/marks.h"
#include "scrub/value_walker.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Change = ValueChange::Kind;
using Action = ScrubAction::Kind;
using Place = ScrubWhere::Place;
using Step = ValueStep::Kind;

bool isBytesField(const pb::FieldDescriptor* field) {
  return field && field->type() == pb::FieldDescriptor::TYPE_BYTES;
}

// Text in what a value holds, not the value.
bool isPart(const ValuePlace& place) { return place.last() && place.last()->kind == Step::Inside; }

bool isInJson(const ValuePlace& place) {
  for (const ValueStep* step = place.last(); step; step = step->parent) {
    if (step->kind == Step::Field) return false;
    if (step->kind == Step::Member || step->kind == Step::Item) return true;
  }
  return false;
}

bool isTimestamp(const pb::Descriptor* type) { return type && wellKnown(*type) == WellKnown::Timestamp; }

ScrubActor::Time timeIn(ByteView timestamp) {
  ScrubActor::Time time;
  WireCursor cursor(timestamp);
  WireField field;
  while (cursor.next(field)) {
    if (field.type != WireType::Varint) continue;
    if (field.number == 1) time.seconds = static_cast<std::int64_t>(field.value);
    if (field.number == 2) time.nanos = static_cast<std::int32_t>(field.value);
  }
  return time;
}

// With other seconds and nanos; what else stands there stays.
std::string withTime(ByteView timestamp, const ScrubActor::Time& time) {
  std::string out;
  if (time.seconds != 0) appendVarintField(out, 1, static_cast<std::uint64_t>(time.seconds));
  if (time.nanos != 0)
    appendVarintField(out, 2, static_cast<std::uint64_t>(static_cast<std::int64_t>(time.nanos)));
  WireCursor cursor(timestamp);
  WireField field;
  while (cursor.next(field))
    if (field.number > 2 || field.type != WireType::Varint) out += field.raw;
  return out;
}

std::string timeText(const ScrubActor::Time& time) {
  return timestampText(time.seconds, time.nanos)
      .value_or(std::to_string(time.seconds) + "." + std::to_string(time.nanos));
}

}  // namespace

ScrubVisitor::ScrubVisitor(const CompiledRules& rules, const std::vector<char>& active,
                           const std::vector<std::uint32_t>& all, RulePlaces& places, RulePlaces::Id begin,
                           const Where& where, const ScrubHits& hits)
    : m_rules(rules),
      m_active(active),
      m_places(places),
      m_begin(begin),
      m_where(where),
      m_hits(hits),
      m_all(all) {
  m_entersAll = std::any_of(all.begin(), all.end(), [&](std::uint32_t i) {
    const Place place = rules.rules[i]->place();
    return active[i] != kLater &&
           (place == Place::AnyText || place == Place::AnyString || place == Place::AnyBytes);
  });
  m_takesAll = std::any_of(all.begin(), all.end(), [&](std::uint32_t i) {
    const Place place = rules.rules[i]->place();
    return (place == Place::AnyString || place == Place::AnyBytes) && !rules.rules[i]->pattern;
  });
  m_hasTypesInside = std::any_of(all.begin(), all.end(), [&](std::uint32_t i) {
    return rules.rules[i]->place() == Place::MessageType && active[i] == kInside;
  });
}

// A value that stands in no other one is as it was before any rule.
void ScrubVisitor::beginValue(const ValuePlace& place) {
  m_isMatchKnown = false;
  if (!m_hasChanged) return;
  const ValueStep* step = place.last();
  while (step && step->kind != Step::Inside) step = step->parent;
  if (!step && place.last()) m_hasChanged = false;
}

// What others have made of a text is new to a rule of which the bytes as they were had nothing. It is looked
// over for all of them at once.
bool ScrubVisitor::mayMatch(std::uint32_t index, std::string_view text) {
  const auto& number = rule(index).patternNumber;
  if (m_active[index] != kLater || !number) return true;
  if (!m_isMatchKnown) {
    m_mayMatch.assign(m_rules.prefilter.size(), 0);
    m_rules.prefilter.scan(text, m_mayMatch);
    m_isMatchKnown = true;
  }
  return m_mayMatch[*number] != 0;
}

RulePlaces::Id ScrubVisitor::at(const ValueStep* step) {
  if (!step) return m_begin;
  if (step->mark == 0) step->mark = m_places.after(at(step->parent), *step) + 1;
  return step->mark - 1;
}

bool ScrubVisitor::covers(const std::vector<std::uint32_t>& rules, std::uint32_t rule) const {
  return std::binary_search(rules.begin(), rules.end(), rule);
}

bool ScrubVisitor::isCoveredByActive(RulePlaces::Id place) const {
  const auto& covered = m_places.covered(place);
  return std::any_of(covered.begin(), covered.end(), [&](std::uint32_t rule) { return m_active[rule] != 0; });
}

bool ScrubVisitor::isNeeded(RulePlaces::Id place, const pb::Descriptor* type) {
  const auto& needs = m_places.needs(place, type);
  return std::any_of(needs.begin(), needs.end(), [&](const auto& need) {
    return m_active[need.first] == kInside || (m_active[need.first] == kFields && need.second.field);
  });
}

bool ScrubVisitor::leadsInside(RulePlaces::Id place) const {
  return m_hasTypesInside ||
         m_places.anyLeadsOn(place, [&](std::uint32_t rule) { return m_active[rule] == kInside; });
}

bool ScrubVisitor::visits(const ValuePlace& place) {
  if (m_entersAll) return true;
  const RulePlaces::Id here = at(place.last());
  if (isCoveredByActive(here) || m_places.asksForElement(here)) return true;
  const pb::FieldDescriptor* field = place.last()->field;
  if (!field) return isNeeded(here, nullptr);
  if (field->message_type()) return isNeeded(here, field->message_type());
  return field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING && leadsInside(here);
}

bool ScrubVisitor::enters(const ValuePlace& place, const pb::Descriptor* type) {
  if (m_entersAll) return true;
  const RulePlaces::Id here = at(place.last());
  return isCoveredByActive(here) || isNeeded(here, type);
}

bool ScrubVisitor::looksInto(const ValuePlace& place, std::string_view text) {
  if (m_takesAll) return true;
  const RulePlaces::Id here = at(place.last());
  if (isCoveredByActive(here) || m_places.asksForElement(here) || leadsInside(here)) return true;
  return m_entersAll && mayMatchWithin(text);
}

// As it is or in any other form.
bool ScrubVisitor::mayMatchWithin(std::string_view text) const {
  std::vector<char> found(m_rules.prefilter.size());
  m_rules.prefilter.scan(text, found);
  return std::any_of(m_all.begin(), m_all.end(), [&](std::uint32_t index) {
    const auto& number = rule(index).patternNumber;
    return number && found[*number] != 0;
  });
}

void ScrubVisitor::tell(std::uint32_t rule, const ValuePlace& place, std::string_view before,
                        std::string_view after, bool removed) {
  if (!m_hits) return;
  ScrubHit hit{.rule = rule, .in = m_where.in, .removed = removed, .compared = m_where.compared};
  hit.path = m_where.key.empty() ? place.path() : std::string(m_where.key);
  hit.before = before;
  hit.after = after;
  m_hits(std::move(hit));
}

// Each match, or the first group of it.
bool ScrubVisitor::applyPattern(std::uint32_t index, const ValuePlace& place, EditedText& text) {
  const CompiledRule& compiled = rule(index);
  const std::string_view now = text.now();
  if (!mayMatch(index, now)) return false;
  const int groups = compiled.pattern->NumberOfCapturingGroups() > 0 ? 2 : 1;
  std::vector<TextEdit> edits;
  std::optional<std::vector<TextRange>> marks;
  std::size_t mark = 0;  // the first that ends behind what is matched; both ascend
  std::array<re2::StringPiece, 2> found;
  for (std::size_t at = 0; at <= now.size();) {
    if (!compiled.pattern->Match(now, at, now.size(), RE2::UNANCHORED, found.data(), groups)) break;
    const auto offsetOf = [&](const re2::StringPiece& piece) {
      return static_cast<std::size_t>(piece.data() - now.data());
    };
    const std::size_t end = offsetOf(found[0]) + found[0].size();
    // Behind an empty match it goes on with the next byte.
    at = std::max(end, offsetOf(found[0]) + 1);
    const re2::StringPiece& part = groups == 2 && found[1].data() ? found[1] : found[0];
    if (part.empty()) continue;
    const std::size_t begin = offsetOf(part);
    if (!marks) marks = scrubMarks(now);
    while (mark < marks->size() && (*marks)[mark].end <= begin) ++mark;
    if (mark < marks->size() && (*marks)[mark].begin <= begin && begin + part.size() <= (*marks)[mark].end)
      continue;
    const std::string_view before = now.substr(begin, part.size());
    std::string after = compiled.actor.removes() ? std::string() : compiled.actor.text(before);
    if (after == before) continue;
    tell(index, place, before, after, compiled.actor.removes());
    edits.push_back({begin, part.size(), std::move(after)});
  }
  if (edits.empty()) return false;
  text.apply(edits);
  m_isMatchKnown = false;
  return true;
}

ValueChange ScrubVisitor::text(const ValuePlace& place, std::string_view value) {
  if (value.empty() || m_all.empty()) return {};
  beginValue(place);
  const bool part = isPart(place);
  const bool isBytes = isBytesField(place.field()) && !isInJson(place);
  const RulePlaces::Id here = at(place.last());
  // A key is covered with its map, not with the value that it stands for.
  const bool isKey = place.isMapKey();
  const bool isJsonKey = isKey && place.last()->kind == Step::Member;
  const auto& covered = m_places.covered(isKey && place.last() ? at(place.last()->parent) : here);
  EditedText text(value);
  bool whole = false;
  for (const std::uint32_t index : m_all) {
    if (isLeftOut(index)) continue;
    const CompiledRule& compiled = rule(index);
    switch (compiled.place()) {
      case Place::AnyText:
        break;
      case Place::AnyString:
        if (isKey || (isBytes && !part) || !m_where.key.empty()) continue;
        break;
      case Place::AnyBytes:
        if (isKey || !isBytes) continue;
        break;
      default:
        if (!covers(covered, index) || (isJsonKey && !compiled.pattern)) continue;
    }
    if (m_where.isMarked && compiled.changesOwnTexts) continue;
    if (compiled.pattern) {
      m_hasChanged = applyPattern(index, place, text) || m_hasChanged;
      continue;
    }
    if (part) continue;
    const std::string before(text.now());
    if (compiled.actor.removes()) {
      tell(index, place, before, {}, true);
      return {.kind = Change::Remove};
    }
    std::string after = isBytes ? compiled.actor.bytes(before) : compiled.actor.text(before);
    if (after == before) continue;
    if (isPrintable(after))
      tell(index, place, before, after, false);
    else
      tell(index, place, encodeHex(before, false), encodeHex(after, false), false);
    text.set(std::move(after));
    m_hasChanged = true;
    m_isMatchKnown = false;
    whole = true;
    if (!isUtf8(text.now())) break;  // no pattern is of use any more
  }
  if (whole) return {.kind = Change::Set, .value = std::string(text.now())};
  if (text.isChanged()) return {.kind = Change::Edits, .edits = text.edits()};
  return {};
}

ValueChange ScrubVisitor::document(const ValuePlace& place, std::string_view json) {
  if (isPart(place)) return {};
  const auto& covered = m_places.covered(at(place.last()));
  const bool isBytes = isBytesField(place.field()) && !isInJson(place);
  std::string now(json);
  for (const std::uint32_t index : m_all) {
    const CompiledRule& compiled = rule(index);
    if (compiled.pattern || (m_where.isMarked && compiled.changesOwnTexts)) continue;
    const bool isAnyString = compiled.place() == Place::AnyString && !isBytes && m_where.key.empty();
    const bool isCovered =
        compiled.place() != Place::AnyString && compiled.place() != Place::AnyBytes && covers(covered, index);
    if (!isAnyString && !isCovered) continue;
    if (compiled.actor.removes()) {
      tell(index, place, now, {}, true);
      return {.kind = Change::Remove};
    }
    std::string after = isBytes ? compiled.actor.bytes(now) : compiled.actor.text(now);
    if (after == now) continue;
    tell(index, place, now, after, false);
    now = std::move(after);
  }
  if (now == json) return {};
  m_hasChanged = true;
  return {.kind = Change::Set, .value = std::move(now)};
}

ValueChange ScrubVisitor::bytes(const ValuePlace& place, ByteView value) {
  if (value.empty() || isPart(place)) return {};
  const auto& covered = m_places.covered(at(place.last()));
  std::optional<bool> holds;
  const bool isField = !place.field() || place.field()->type() == pb::FieldDescriptor::TYPE_BYTES ||
                       place.field()->type() == pb::FieldDescriptor::TYPE_STRING;
  std::string now(value);
  for (const std::uint32_t index : m_all) {
    const CompiledRule& compiled = rule(index);
    if (compiled.pattern || (m_where.isMarked && compiled.changesOwnTexts)) continue;
    if (compiled.place() == Place::AnyBytes) {
      if (!isField || !m_where.key.empty()) continue;
      if (!holds) holds = !(isPrintable(value) && value.front() != '\n') && holdsMessage(value);
      if (*holds) continue;
    } else if (compiled.place() == Place::AnyString) {
      // Which is no UTF-8, or it would be a text.
      if (!place.field() || place.field()->type() != pb::FieldDescriptor::TYPE_STRING) continue;
      if (!m_where.key.empty()) continue;
    } else if (!covers(covered, index)) {
      continue;
    }
    if (compiled.actor.removes()) {
      tell(index, place, encodeHex(now, false), {}, true);
      return {.kind = Change::Remove};
    }
    std::string after = compiled.actor.bytes(now);
    if (after == now) continue;
    tell(index, place, encodeHex(now, false), encodeHex(after, false), false);
    now = std::move(after);
  }
  if (now == value) return {};
  m_hasChanged = true;
  return {.kind = Change::Set, .value = std::move(now)};
}

std::string ScrubVisitor::scrubbedNumber(const CompiledRule& compiled, const pb::FieldDescriptor* field,
                                         bool isJson, std::string_view text) const {
  using Field = pb::FieldDescriptor;
  const Action action = compiled.rule.action.kind;
  if (isJson && (text == "true" || text == "false")) {
    if (action == Action::ShiftTime) return std::string(text);
    return action == Action::Replace ? compiled.rule.action.with : "false";
  }
  if (!isJson && field && (field->type() == Field::TYPE_BOOL || field->type() == Field::TYPE_ENUM)) {
    // No other value of theirs is sure to be one.
    if (action == Action::ShiftTime) return std::string(text);
    if (action == Action::Replace) return compiled.rule.action.with;
    return field->type() == Field::TYPE_BOOL ? "0" : std::to_string(field->default_value_enum()->number());
  }
  if (isJson && action == Action::Replace) return compiled.rule.action.with;
  if (const auto value = parseInteger<std::int64_t>(text);
      value && (isJson || !field || field->cpp_type() == Field::CPPTYPE_INT32 ||
                field->cpp_type() == Field::CPPTYPE_INT64))
    return std::to_string(compiled.actor.integer(*value));
  if (const auto value = parseInteger<std::uint64_t>(text);
      value && (isJson || !field || field->cpp_type() == Field::CPPTYPE_UINT32 ||
                field->cpp_type() == Field::CPPTYPE_UINT64))
    return std::to_string(compiled.actor.natural(*value));
  const double value = parseReal<double>(text).value_or(0);
  const double after = compiled.actor.real(value);
  if (after == value) return std::string(text);
  return field && field->type() == Field::TYPE_FLOAT ? floatText(static_cast<float>(after))
                                                     : doubleText(after);
}

ValueChange ScrubVisitor::number(const ValuePlace& place, std::string_view text) {
  if (m_all.empty()) return {};
  const bool isJson = isInJson(place);
  const RulePlaces::Id here = at(place.last());
  const auto& covered = m_places.covered(place.isMapKey() && place.last() ? at(place.last()->parent) : here);
  if (covered.empty() && !isJson) return {};
  beginValue(place);
  const pb::FieldDescriptor* field = place.field();
  if (field && field->is_map() && !isJson)
    field = place.isMapKey() ? field->message_type()->map_key() : field->message_type()->map_value();
  // The code says how the call ended: without it the answer would be another.
  if (m_where.in == ScrubHit::In::Status && field && field->number() == 1 &&
      field->containing_type()->full_name() == kStatusType && !place.last()->parent)
    return {};
  EditedText now(text);
  for (const std::uint32_t index : m_all) {
    const CompiledRule& compiled = rule(index);
    if (isLeftOut(index) || (m_where.isMarked && compiled.changesOwnNumbers)) continue;
    const bool isCovered = covers(covered, index);
    if (!isCovered && !(isJson && compiled.place() == Place::AnyText)) continue;
    if (compiled.pattern && !isCovered) {
      m_hasChanged = applyPattern(index, place, now) || m_hasChanged;
      continue;
    }
    if (compiled.pattern && !RE2::PartialMatch(now.now(), *compiled.pattern)) continue;
    const std::string before(now.now());
    if (compiled.actor.removes()) {
      tell(index, place, before, {}, true);
      return {.kind = Change::Remove};
    }
    std::string after = scrubbedNumber(compiled, field, isJson, before);
    if (after == before) continue;
    tell(index, place, before, after, false);
    m_hasChanged = true;
    m_isMatchKnown = false;
    now.set(std::move(after));
  }
  if (!now.isChanged()) return {};
  return {.kind = Change::Set, .value = std::string(now.now())};
}

ValueChange ScrubVisitor::message(const ValuePlace& place, const pb::Descriptor* type, ByteView value) {
  RulePlaces::Id here = at(place.last());
  const bool isAny = place.last() && place.last()->kind == Step::Any;
  const std::string_view typeName = type            ? std::string_view(type->full_name())
                                    : isAny         ? place.last()->text
                                    : !place.last() ? m_where.typeName
                                                    : std::string_view();
  here = m_places.ofType(here, typeName);
  if (place.last())
    place.last()->mark = here + 1;
  else
    m_begin = here;
  const auto& covered = m_places.covered(here);
  if (covered.empty()) return {};
  std::string now(value);
  for (const std::uint32_t index : m_all) {
    const CompiledRule& compiled = rule(index);
    if (!covers(covered, index) || compiled.pattern) continue;
    if (compiled.actor.removes()) {
      tell(index, place, encodeHex(now, false), {}, true);
      return {.kind = Change::Remove};
    }
    if (!isTimestamp(type) || (m_where.isMarked && compiled.changesOwnTexts)) continue;
    const ScrubActor::Time before = timeIn(now);
    const auto after = compiled.actor.time(before);
    if (!after || (after->seconds == before.seconds && after->nanos == before.nanos)) continue;
    tell(index, place, timeText(before), timeText(*after), false);
    now = withTime(now, *after);
  }
  if (now == value) return {};
  m_hasChanged = true;
  return {.kind = Change::Set, .value = std::move(now)};
}

}  // namespace retake
