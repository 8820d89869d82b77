#include <algorithm>

#include "schema/message_depth.h"
#include "scrub/rule_places.h"
#include "scrub/wire_numbers.h"

namespace retake {
namespace {

namespace pb = google::protobuf;

constexpr std::size_t kFewNumbers = 64;

}  // namespace

bool RulePlaces::needsField(Id place, const pb::Descriptor* type) {
  const auto& all = needs(place, type);
  return std::any_of(all.begin(), all.end(), [](const auto& need) { return need.second.field; });
}

RulePlaces::FieldsOfType& RulePlaces::fieldsAt(Id place, const pb::Descriptor& type) {
  place = ofType(place, type.full_name());
  FieldsOfType& fields = m_places[place]->fields[&type];
  if (fields.type) return fields;
  fields.type = &type;
  fields.place = place;
  fields.isCovered = !covered(place).empty() || type.full_name() == "google.protobuf.Any";
  fields.byNumber.resize(kFewNumbers);
  return fields;
}

RulePlaces::FieldSays RulePlaces::says(Id place, const pb::Descriptor& type, std::uint32_t number) {
  using Kind = FieldSays::Kind;
  const pb::FieldDescriptor* field = fieldOf(&type, number);
  const ValueStep step{.kind = ValueStep::Kind::Field, .field = field, .number = number};
  const Id here = after(place, step);
  if (!covered(here).empty() || asksForElement(here)) return {.kind = Kind::Covered};
  const pb::Descriptor* content = field ? field->message_type() : nullptr;
  FieldSays says{.kind = Kind::Nothing};
  if (field) {
    says.isKnown = true;
    says.isPackable = field->is_packable();
    says.isMap = field->is_map();
    says.type = wireTypeOf(*field);
  }
  if ((field && !content) || !needsField(here, content)) return says;
  if (!content || content->full_name() == "google.protobuf.Any") return {.kind = Kind::Covered};
  says.kind = Kind::Enter;
  if (says.isMap) content = content->map_value()->message_type();
  if (content) says.content = &fieldsAt(here, *content);
  return says;
}

bool RulePlaces::mayCover(Id place, const pb::Descriptor& type, ByteView message) {
  return mayCover(fieldsAt(place, type), message, 0);
}

bool RulePlaces::mayCover(FieldsOfType& fields, ByteView message, int depth) {
  if (depth >= kMaxMessageDepth || fields.isCovered) return true;
  WireCursor cursor(message);
  WireField field;
  while (cursor.next(field)) {
    FieldSays& known = field.number < kFewNumbers ? fields.byNumber[field.number] : fields.more[field.number];
    if (known.kind == FieldSays::Kind::NotAsked) {
      known = says(fields.place, *fields.type, field.number);
      ++m_remembered;
    }
    if (known.kind == FieldSays::Kind::Covered) return true;
    // Not as the schema has it, packed numbers among that.
    if (known.isKnown && field.type != known.type && !(field.type == WireType::Length && known.isPackable))
      return true;
    if (known.kind == FieldSays::Kind::Nothing) continue;
    if (!known.isMap) {
      if (mayCover(*known.content, field.bytes, depth + 1)) return true;
      continue;
    }
    WireCursor parts(field.bytes);
    for (WireField part; parts.next(part);) {
      if (part.number == 1) continue;
      if (part.number != 2 || !known.content || part.type != WireType::Length ||
          mayCover(*known.content, part.bytes, depth + 1))
        return true;
    }
    if (parts.failed()) return true;
  }
  return cursor.failed();
}

}  // namespace retake
