#include "scrub/detect/marked_fields.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <string>
#include <unordered_set>
#include <vector>

#include "scrub/detect/secret_names.h"

namespace retake {
namespace {

namespace pb = google::protobuf;

// FieldOptions.debug_redact, which protobuf 3.21 does not know yet.
constexpr int kDebugRedact = 16;

// Options of a user's own are extensions that the generated options do not know: their values are unknown
// fields, their names are in the schema's pool.
const pb::FieldDescriptor* optionOf(const pb::DescriptorPool& pool, const char* options, int number) {
  const pb::Descriptor* extended = pool.FindMessageTypeByName(options);
  return extended ? pool.FindExtensionByNumber(extended, number) : nullptr;
}

bool saysSo(const pb::FieldDescriptor& option, const pb::UnknownField& value) {
  if (option.type() == pb::FieldDescriptor::TYPE_BOOL)
    return value.type() == pb::UnknownField::TYPE_VARINT && value.varint() != 0 &&
           saysSensitive(option.name());
  if (option.type() == pb::FieldDescriptor::TYPE_ENUM) {
    if (value.type() != pb::UnknownField::TYPE_VARINT) return false;
    const auto* chosen = option.enum_type()->FindValueByNumber(static_cast<int>(value.varint()));
    if (!chosen || chosen->number() == 0) return false;
    return saysSensitive(chosen->name()) || saysSensitive(option.name());
  }
  if (option.type() == pb::FieldDescriptor::TYPE_MESSAGE) {
    pb::UnknownFieldSet inside;
    if (value.type() != pb::UnknownField::TYPE_LENGTH_DELIMITED ||
        !inside.ParseFromString(value.length_delimited()))
      return false;
    // "[(acme.field) = {sensitive: true}]"
    for (int i = 0; i < inside.field_count(); ++i) {
      const auto* part = option.message_type()->FindFieldByNumber(inside.field(i).number());
      if (part && part->type() != pb::FieldDescriptor::TYPE_MESSAGE && saysSo(*part, inside.field(i)))
        return true;
    }
    return saysSensitive(option.name()) && inside.field_count() > 0;
  }
  return saysSensitive(option.name());
}

bool anySaysSo(const pb::DescriptorPool& pool, const char* options, const pb::UnknownFieldSet& values) {
  for (int i = 0; i < values.field_count(); ++i)
    if (const auto* option = optionOf(pool, options, values.field(i).number()))
      if (saysSo(*option, values.field(i))) return true;
  return false;
}

bool namesItsValue(const std::string& name) {
  return saysSecret(name) || saysSecretNumber(name) || saysPhone(name) || saysNationalId(name);
}

}  // namespace

bool isMarkedSensitive(const pb::FieldDescriptor& field) {
  const pb::UnknownFieldSet& values = field.options().GetReflection()->GetUnknownFields(field.options());
  for (int i = 0; i < values.field_count(); ++i)
    if (values.field(i).number() == kDebugRedact && values.field(i).type() == pb::UnknownField::TYPE_VARINT &&
        values.field(i).varint() != 0)
      return true;
  const pb::DescriptorPool& pool = *field.file()->pool();
  if (anySaysSo(pool, "google.protobuf.FieldOptions", values)) return true;
  const pb::MessageOptions& message = field.containing_type()->options();
  return anySaysSo(pool, "google.protobuf.MessageOptions",
                   message.GetReflection()->GetUnknownFields(message));
}

FieldKnowledge::Of FieldKnowledge::field(const pb::FieldDescriptor& field) {
  const std::lock_guard lock(m_mutex);
  const auto [at, isNew] = m_fields.try_emplace(&field);
  if (isNew)
    at->second = {.marked = isMarkedSensitive(field),
                  .secret = saysSecret(field.name()) ||
                            saysSecretMessage(field.containing_type()->name(), field.name())};
  return at->second;
}

bool FieldKnowledge::needsWalk(const pb::Descriptor& type) {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_types.find(&type); known != m_types.end()) return known->second;
  }
  bool needs = false;
  std::unordered_set<const pb::Descriptor*> seen = {&type};
  std::vector<const pb::Descriptor*> open = {&type};
  while (!open.empty() && !needs) {
    const pb::Descriptor* at = open.back();
    open.pop_back();
    needs = at->full_name() == "google.protobuf.Any";
    for (int i = 0; i < at->field_count() && !needs; ++i) {
      const pb::FieldDescriptor& each = *at->field(i);
      const Of known = field(each);
      needs = known.marked || known.secret || namesItsValue(each.name());
      const pb::Descriptor* inside = each.message_type();
      if (inside && seen.insert(inside).second) open.push_back(inside);
    }
  }
  const std::lock_guard lock(m_mutex);
  m_types[&type] = needs;
  return needs;
}

}  // namespace retake
