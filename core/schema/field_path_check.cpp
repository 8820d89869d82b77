#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>

#include "schema/field_path.h"
#include "schema/suggest.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Kind = PathSegment::Kind;
using Types = std::set<const pb::Descriptor*>;

// Where a path can be: in messages of these types, or where the schema does not know the type.
struct Places {
  Types types;
  bool unknown = false;
  bool empty() const { return types.empty() && !unknown; }
};

bool isAny(const pb::Descriptor& type) { return type.full_name() == "google.protobuf.Any"; }

// What `fields` hold, entries of maps aside: of these the values.
const pb::Descriptor* contentOf(const pb::FieldDescriptor& field) {
  if (field.is_map()) return field.message_type()->map_value()->message_type();
  return field.message_type();
}

std::vector<const pb::FieldDescriptor*> fieldsOf(const pb::Descriptor& type) {
  std::vector<const pb::FieldDescriptor*> fields;
  for (int i = 0; i < type.field_count(); ++i) fields.push_back(type.field(i));
  type.file()->pool()->FindAllExtensions(&type, &fields);
  return fields;
}

bool matches(const PathSegment& segment, const pb::FieldDescriptor& field) {
  if (segment.kind == Kind::AnyField) return true;
  PathSegment name{.kind = segment.kind, .name = segment.name, .number = segment.number};
  const FieldPathSet one({FieldPath{{std::move(name)}}});
  return one.begin().field(field).covered();
}

bool fits(const PathSegment& segment, const pb::FieldDescriptor& field) {
  if (!segment.hasSubscript()) return true;
  if (!field.is_repeated()) return false;
  if (segment.anyElement) return true;
  const bool byKey =
      field.is_map() && field.message_type()->map_key()->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING;
  return byKey == segment.key.has_value();
}

std::string whyUnfit(const PathSegment& segment, const pb::FieldDescriptor& field) {
  if (!field.is_repeated()) return "is not repeated, so it takes no subscript";
  if (!field.is_map()) return "is a list, so its subscript is a number or \"*\"";
  return segment.key ? "is a map whose keys are numbers, so its subscript is one, or \"*\""
                     : "is a map whose keys are strings, so its subscript is a key in quotes, or \"*\"";
}

// All that can be below, in any depth, these themselves among them. What an Any holds is not known.
Places anyDepth(Places places) {
  std::vector<const pb::Descriptor*> todo(places.types.begin(), places.types.end());
  while (!todo.empty()) {
    const pb::Descriptor* type = todo.back();
    todo.pop_back();
    if (isAny(*type)) places.unknown = true;
    for (const pb::FieldDescriptor* field : fieldsOf(*type))
      if (const pb::Descriptor* content = contentOf(*field); content && places.types.insert(content).second)
        todo.push_back(content);
  }
  return places;
}

// Of a map, its values.
bool isText(const pb::FieldDescriptor& field) {
  const pb::FieldDescriptor& content = field.is_map() ? *field.message_type()->map_value() : field;
  return content.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING;
}

bool holdsText(const Types& types) {
  for (const pb::Descriptor* type : types)
    for (const pb::FieldDescriptor* field : fieldsOf(*type))
      if (isText(*field)) return true;
  return false;
}

class Checker {
 public:
  Checker(const pb::Descriptor& type, const FieldPath& path, bool intoText)
      : m_type(type), m_path(path), m_intoText(intoText) {}

  Result<void> check() {
    Places places{.types = {&m_type}};
    for (m_at = 0; m_at < m_path.segments.size(); ++m_at) {
      const PathSegment& segment = m_path.segments[m_at];
      if (segment.kind == Kind::AnyDepth) {
        places = anyDepth(std::move(places));
        if (m_intoText) places.unknown = places.unknown || holdsText(places.types);
        continue;
      }
      auto next = into(places, segment);
      if (!next) return next.error();
      places = *std::move(next);
      if (places.empty() && m_at + 1 < m_path.segments.size()) return nothingInside();
    }
    return {};
  }

 private:
  Error error(const std::string& what) const { return {"field path \"" + toString(m_path) + "\": " + what}; }
  std::string upToHere() const {
    FieldPath path = m_path;
    path.segments.resize(m_at + 1);
    return "\"" + toString(path) + "\"";
  }

  Result<Places> into(const Places& places, const PathSegment& segment) {
    std::vector<const pb::FieldDescriptor*> found;
    std::vector<std::string> names;
    for (const pb::Descriptor* type : places.types)
      for (const pb::FieldDescriptor* field : fieldsOf(*type)) {
        names.push_back(field->is_extension() ? "[" + field->full_name() + "]" : field->name());
        if (matches(segment, *field)) found.push_back(field);
      }
    Places next;
    next.unknown = places.unknown || (found.empty() && segment.kind == Kind::Number);
    if (next.unknown && found.empty()) return next;
    if (found.empty()) return noField(places, segment, std::move(names));
    const auto unfit = std::partition(found.begin(), found.end(), [&](const auto* field) {
      return fits(segment, *field) || (m_intoText && !field->is_repeated() && isText(*field));
    });
    if (unfit == found.begin() && !next.unknown)
      return error("\"" + (*unfit)->name() + "\" of " + (*unfit)->containing_type()->full_name() + " " +
                   whyUnfit(segment, **unfit));
    found.erase(unfit, found.end());
    bool holdsAny = false;
    for (const pb::FieldDescriptor* field : found) {
      if (m_intoText && isText(*field)) next.unknown = true;
      if (const pb::Descriptor* content = contentOf(*field)) {
        holdsAny = holdsAny || isAny(*content);
        if (segment.anyType.empty()) next.types.insert(content);
      }
    }
    if (segment.anyType.empty()) return next;
    if (!holdsAny && !next.unknown)
      return error(upToHere() + ": expected a google.protobuf.Any before \"<\", found " +
                   (found.front()->message_type() ? found.front()->message_type()->full_name()
                                                  : withArticle(found.front()->type_name())));
    const pb::Descriptor* content = m_type.file()->pool()->FindMessageTypeByName(segment.anyType);
    if (content)
      next.types.insert(content);
    else
      next.unknown = true;  // the client may send what the schema does not have
    return next;
  }

  Error noField(const Places& places, const PathSegment& segment, std::vector<std::string> names) const {
    if (places.types.size() != 1)
      return error("no message on the way has a field \"" + segment.name + "\"" +
                   didYouMean(segment.name, names));
    const std::string& type = (*places.types.begin())->full_name();
    if (names.empty()) return error(type + " has no fields");
    if (segment.kind == Kind::AnyField) return error(type + " has no fields");
    const std::string near = didYouMean(segment.name, names);
    return error(type + " has no field \"" + segment.name + "\"" +
                 (near.empty() ? "; it has " + someOf(names) : near));
  }

  Error nothingInside() const { return error(upToHere() + " is no message, so nothing is inside of it"); }

  const pb::Descriptor& m_type;
  const FieldPath& m_path;
  bool m_intoText;
  std::size_t m_at = 0;
};

}  // namespace

Result<void> checkFieldPath(const pb::Descriptor& type, const FieldPath& path, bool intoText) {
  return Checker(type, path, intoText).check();
}

}  // namespace retake
