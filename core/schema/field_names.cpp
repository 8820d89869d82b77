#include "schema/field_names.h"

namespace retake {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const FieldNames::Names& FieldNames::names(const Descriptor& type) {
  const auto [at, isNew] = m_types.try_emplace(&type);
  Names& names = at->second;
  if (!isNew) return names;
  for (int i = 0; i < type.field_count(); ++i)
    names.byKey.try_emplace(type.field(i)->json_name(), type.field(i));
  for (int i = 0; i < type.field_count(); ++i) names.byKey.try_emplace(type.field(i)->name(), type.field(i));
  for (int i = 0; i < type.field_count(); ++i) {
    // proto2 lets JSON names collide ("foo_bar" beside "fooBar"); the loser goes by its full name.
    const FieldDescriptor* field = type.field(i);
    if (names.byKey.at(field->json_name()) == field) {
      names.keys.push_back(field->json_name());
    } else if (names.byKey.at(field->name()) == field) {
      names.keys.push_back(field->name());
    } else {
      names.keys.push_back("[" + field->full_name() + "]");
    }
  }
  return names;
}

std::string FieldNames::key(const FieldDescriptor& field) {
  if (field.is_extension()) return "[" + field.PrintableNameForExtension() + "]";
  return names(*field.containing_type()).keys[static_cast<std::size_t>(field.index())];
}

const FieldDescriptor* FieldNames::field(const Descriptor& type, std::string_view key) {
  if (key.size() > 2 && key.front() == '[' && key.back() == ']') {
    const std::string name(key.substr(1, key.size() - 2));
    const auto* pool = type.file()->pool();
    if (const FieldDescriptor* found = pool->FindExtensionByPrintableName(&type, name)) return found;
    const FieldDescriptor* found = pool->FindFieldByName(name);
    return found && found->containing_type() == &type ? found : nullptr;
  }
  const Names& all = names(type);
  const auto found = all.byKey.find(std::string(key));
  return found == all.byKey.end() ? nullptr : found->second;
}

}  // namespace retake
