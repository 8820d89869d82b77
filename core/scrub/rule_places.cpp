#include "scrub/rule_places.h"

#include <algorithm>

namespace retake {
namespace {

namespace pb = google::protobuf;
using Kind = ValueStep::Kind;
using Place = ScrubWhere::Place;

// Some tens of megabytes at most.
constexpr std::size_t kMaxPlaces = 20'000;
constexpr std::size_t kMaxRemembered = 200'000;
// Of keys and names in JSON, which may be data: longer ones are not remembered.
constexpr std::size_t kMaxMember = 64;

bool isAny(const pb::Descriptor& type) { return type.full_name() == "google.protobuf.Any"; }

std::vector<const pb::FieldDescriptor*> fieldsOf(const pb::Descriptor& type) {
  std::vector<const pb::FieldDescriptor*> fields;
  for (int i = 0; i < type.field_count(); ++i) fields.push_back(type.field(i));
  if (type.extension_range_count() > 0) type.file()->pool()->FindAllExtensions(&type, &fields);
  return fields;
}

bool holdsText(const pb::FieldDescriptor& field) {
  return field.type() == pb::FieldDescriptor::TYPE_STRING || field.type() == pb::FieldDescriptor::TYPE_BYTES;
}

// Fields that the schema does not know can be on the way, and at its end.
bool canBeByNumber(const FieldPath& path) {
  return path.segments.back().kind != PathSegment::Kind::Name ||
         std::any_of(path.segments.begin(), path.segments.end(),
                     [](const PathSegment& segment) { return segment.kind == PathSegment::Kind::Number; });
}

bool namesElement(const FieldPath& path) {
  return std::any_of(path.segments.begin(), path.segments.end(),
                     [](const PathSegment& segment) { return segment.index || segment.key; });
}

}  // namespace

RulePlaces::RulePlaces(const CompiledRules& rules) : m_rules(rules) {
  for (const auto& rule : rules.rules)
    m_hasTypes = m_hasTypes || (rule && rule->place() == Place::MessageType);
}

RulePlaces::Id RulePlaces::intern(At&& at) {
  std::string key;
  for (const std::uint32_t rule : at.covered) key += std::to_string(rule) + ",";
  for (const auto& [rule, walk] : at.walks) key += std::to_string(rule) + "=" + walk.fingerprint() + ";";
  const auto [known, isNew] = m_ids.try_emplace(std::move(key), static_cast<Id>(m_places.size()));
  if (isNew) {
    for (const auto& [rule, walk] : at.walks) {
      at.asksForElement = at.asksForElement || walk.asksForElement();
      at.namesElement = at.namesElement || namesElement(m_rules.rules[rule]->path.paths().front());
    }
    m_places.push_back(std::make_unique<At>(std::move(at)));
  }
  return known->second;
}

void RulePlaces::tidy() {
  if (m_places.size() < kMaxPlaces && m_remembered < kMaxRemembered) return;
  m_places.clear();
  m_ids.clear();
  m_message.reset();
  m_remembered = 0;
}

RulePlaces::Id RulePlaces::message() {
  if (m_message) return *m_message;
  At at;
  for (std::uint32_t rule = 0; rule < m_rules.rules.size(); ++rule)
    if (const auto& compiled = m_rules.rules[rule]; compiled && compiled->place() == Place::Field) {
      Walk walk = compiled->path.begin();
      if (walk.covered())
        at.covered.push_back(rule);
      else
        at.walks.emplace_back(rule, std::move(walk));
    }
  m_message = intern(std::move(at));
  return *m_message;
}

RulePlaces::Id RulePlaces::state(const std::vector<std::uint32_t>& rules) {
  At at;
  const At& begin = *m_places[message()];
  std::set_union(rules.begin(), rules.end(), begin.covered.begin(), begin.covered.end(),
                 std::back_inserter(at.covered));
  at.walks = begin.walks;
  return intern(std::move(at));
}

RulePlaces::Id RulePlaces::coveredBy(const std::vector<std::uint32_t>& rules) {
  At at;
  at.covered = rules;
  return intern(std::move(at));
}

template <typename Next>
RulePlaces::Id RulePlaces::stepped(Id place, const Next& next) {
  At at;
  at.covered = m_places[place]->covered;
  for (const auto& [rule, walk] : m_places[place]->walks) {
    Walk on = next(walk);
    if (on.covered())
      at.covered.insert(std::upper_bound(at.covered.begin(), at.covered.end(), rule), rule);
    else if (!on.dead())
      at.walks.emplace_back(rule, std::move(on));
  }
  return intern(std::move(at));
}

// Of a list of any length.
template <typename Next>
RulePlaces::Id RulePlaces::intoElement(Id place, const Next& next) {
  if (!m_places[place]->asksForElement) return place;
  if (m_places[place]->namesElement) return stepped(place, next);
  if (!m_places[place]->anyElement) {
    const Id element = stepped(place, next);
    m_places[place]->anyElement = element;
  }
  return *m_places[place]->anyElement;
}

RulePlaces::Id RulePlaces::after(Id place, const ValueStep& step) {
  if (m_places[place]->walks.empty()) return place;
  switch (step.kind) {
    case Kind::Field: {
      if (step.field) {
        if (const auto known = m_places[place]->byField.find(step.field);
            known != m_places[place]->byField.end())
          return known->second;
        const Id next = stepped(place, [&](const Walk& walk) { return walk.field(*step.field); });
        ++m_remembered;
        return m_places[place]->byField[step.field] = next;
      }
      if (const auto known = m_places[place]->byNumber.find(step.number);
          known != m_places[place]->byNumber.end())
        return known->second;
      const Id next = stepped(place, [&](const Walk& walk) { return walk.field(step.number); });
      ++m_remembered;
      return m_places[place]->byNumber[step.number] = next;
    }
    case Kind::Element:
    case Kind::Item:
      return intoElement(place, [&](const Walk& walk) { return walk.element(step.index); });
    case Kind::Key:
      return intoElement(place, [&](const Walk& walk) {
        return step.hasText ? walk.element(step.text) : walk.element(step.index);
      });
    case Kind::Any: {
      if (const auto known = m_places[place]->byAny.find(step.text); known != m_places[place]->byAny.end())
        return known->second;
      // Through its field "value" as well: "any.value.x".
      const pb::FieldDescriptor* value = m_rules.schema->message("google.protobuf.Any")->FindFieldByNumber(2);
      const Id next =
          stepped(place, [&](const Walk& walk) { return walk.any(step.text).with(walk.field(*value)); });
      ++m_remembered;
      return m_places[place]->byAny[std::string(step.text)] = next;
    }
    case Kind::Member: {
      if (step.text.size() > kMaxMember)
        return stepped(place, [&](const Walk& walk) { return walk.member(step.text); });
      if (const auto known = m_places[place]->byMember.find(step.text);
          known != m_places[place]->byMember.end())
        return known->second;
      const Id next = stepped(place, [&](const Walk& walk) { return walk.member(step.text); });
      ++m_remembered;
      return m_places[place]->byMember[std::string(step.text)] = next;
    }
    case Kind::Inside:
      return place;
  }
  return place;
}

RulePlaces::Id RulePlaces::ofType(Id place, std::string_view typeName) {
  if (typeName.empty() || !m_hasTypes) return place;
  if (const auto known = m_places[place]->byType.find(typeName); known != m_places[place]->byType.end())
    return known->second;
  At at;
  at.covered = m_places[place]->covered;
  at.walks = m_places[place]->walks;
  for (std::uint32_t rule = 0; rule < m_rules.rules.size(); ++rule) {
    const auto& compiled = m_rules.rules[rule];
    if (!compiled || compiled->place() != Place::MessageType || compiled->rule.where.path != typeName)
      continue;
    const auto at_ = std::lower_bound(at.covered.begin(), at.covered.end(), rule);
    if (at_ == at.covered.end() || *at_ != rule) at.covered.insert(at_, rule);
  }
  const Id next = intern(std::move(at));
  ++m_remembered;
  return m_places[place]->byType[std::string(typeName)] = next;
}

const std::set<const pb::Descriptor*>& RulePlaces::within(const pb::Descriptor* type) {
  const auto [known, isNew] = m_within.try_emplace(type);
  if (!isNew) return known->second;
  std::set<const pb::Descriptor*>& found = known->second;
  std::vector<const pb::Descriptor*> todo{type};
  found.insert(type);
  while (!todo.empty()) {
    const pb::Descriptor* one = todo.back();
    todo.pop_back();
    for (const pb::FieldDescriptor* field : fieldsOf(*one))
      if (const pb::Descriptor* content = field->message_type(); content && found.insert(content).second)
        todo.push_back(content);
  }
  return found;
}

RulePlaces::Need RulePlaces::needOfType(const std::string& wanted, const pb::Descriptor* type) {
  Need need{.any = true};  // an Any may be anywhere: in bytes that hold a message, too
  if (!type) return need;
  const auto& all = within(type);
  need.field = std::any_of(all.begin(), all.end(),
                           [&](const pb::Descriptor* one) { return one->full_name() == wanted; });
  return need;
}

RulePlaces::Need RulePlaces::needOf(const CompiledRule& rule, const Walk& walk,
                                    const pb::Descriptor* type) const {
  Need need;
  const FieldPath& path = rule.path.paths().front();
  const bool byNumber = canBeByNumber(path);
  if (walk.asksForElement()) need.field = true;  // at a list or a map
  if (!type) {
    // Nothing but numbers, JSON, and an Any whose type is known.
    need.json = true;
    need.any = true;
    need.field = need.field || byNumber;
    return need;
  }
  std::set<std::pair<std::string, const pb::Descriptor*>> seen;
  std::vector<std::pair<Walk, const pb::Descriptor*>> todo{{walk, type}};
  seen.emplace(walk.fingerprint(), type);
  if (byNumber) need.field = true;
  while (!todo.empty() && !need.field) {
    const auto [at, message] = std::move(todo.back());
    todo.pop_back();
    if (isAny(*message)) need.any = true;
    for (const pb::FieldDescriptor* field : fieldsOf(*message)) {
      const Walk next = at.field(*field);
      if (next.covered() || next.asksForElement()) {
        need.field = true;
        break;
      }
      if (next.dead()) continue;
      const pb::FieldDescriptor* content = field->is_map() ? field->message_type()->map_value() : field;
      if (holdsText(*content) || (field->is_map() && holdsText(*field->message_type()->map_key())))
        need.json = true;
      if (const pb::Descriptor* inner = content->message_type();
          inner && seen.emplace(next.fingerprint(), inner).second)
        todo.emplace_back(next, inner);
    }
  }
  // Bytes may hold a message, and that an Any.
  need.any = need.any || need.json;
  return need;
}

const std::vector<std::pair<std::uint32_t, RulePlaces::Need>>& RulePlaces::needs(Id place,
                                                                                 const pb::Descriptor* type) {
  if (const auto known = m_places[place]->needs.find(type); known != m_places[place]->needs.end())
    return known->second;
  std::vector<std::pair<std::uint32_t, Need>> all;
  for (const auto& [rule, walk] : m_places[place]->walks)
    if (const Need need = needOf(*m_rules.rules[rule], walk, type); !need.isNone())
      all.emplace_back(rule, need);
  for (std::uint32_t rule = 0; rule < m_rules.rules.size(); ++rule)
    if (const auto& compiled = m_rules.rules[rule]; compiled && compiled->place() == Place::MessageType)
      if (const Need need = needOfType(compiled->rule.where.path, type); !need.isNone())
        all.emplace_back(rule, need);
  ++m_remembered;
  return m_places[place]->needs[type] = std::move(all);
}

}  // namespace retake
