#include "schema/unknown_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>

#include <map>
#include <unordered_map>
#include <vector>

#include "recording/entry.h"
#include "schema/well_known.h"

namespace retake {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void keepIn(const Schema& schema, Message& message, const Message& original);

std::string mapKeyText(const Message& entry, const FieldDescriptor& key) {
  const Reflection& of = *entry.GetReflection();
  switch (key.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(of.GetInt32(entry, &key));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(of.GetInt64(entry, &key));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(of.GetUInt32(entry, &key));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(of.GetUInt64(entry, &key));
    case FieldDescriptor::CPPTYPE_BOOL:
      return std::to_string(of.GetBool(entry, &key));
    default:
      return of.GetString(entry, &key);
  }
}

void keepInAny(const Schema& schema, Message& any, const Message& original) {
  const auto text = [](const Message& m, int number) {
    return m.GetReflection()->GetString(m, m.GetDescriptor()->FindFieldByNumber(number));
  };
  const std::string url = text(any, 1);
  if (url != text(original, 1)) return;
  const auto* type = schema.message(typeNameOf(url));
  if (!type) return;
  const auto inner = schema.newMessage(*type);
  const auto innerOriginal = schema.newMessage(*type);
  const std::string originalBytes = text(original, 2);
  if (!inner->ParsePartialFromString(text(any, 2)) || !innerOriginal->ParsePartialFromString(originalBytes))
    return;
  keepIn(schema, *inner, *innerOriginal);
  const bool same = canonicalBytes(*inner) == canonicalBytes(*innerOriginal);
  const std::string bytes = same ? originalBytes : inner->SerializePartialAsString();
  const FieldDescriptor* value = any.GetDescriptor()->FindFieldByNumber(2);
  if (bytes != text(any, 2)) any.GetReflection()->SetString(&any, value, bytes);
}

void keepInMap(const Schema& schema, Message& message, const Message& original,
               const FieldDescriptor& field) {
  if (field.message_type()->map_value()->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  const FieldDescriptor& key = *field.message_type()->map_key();
  const FieldDescriptor* value = field.message_type()->map_value();
  std::unordered_map<std::string, const Message*> originals;
  const Reflection& from = *original.GetReflection();
  for (int i = 0; i < from.FieldSize(original, &field); ++i) {
    const Message& entry = from.GetRepeatedMessage(original, &field, i);
    originals[mapKeyText(entry, key)] = &entry;
  }
  const Reflection& to = *message.GetReflection();
  for (int i = 0; i < to.FieldSize(message, &field); ++i) {
    Message& entry = *to.MutableRepeatedMessage(&message, &field, i);
    const auto found = originals.find(mapKeyText(entry, key));
    if (found == originals.end()) continue;
    keepIn(schema, *entry.GetReflection()->MutableMessage(&entry, value),
           found->second->GetReflection()->GetMessage(*found->second, value));
  }
}

void keepIn(const Schema& schema, Message& message, const Message& original) {
  const Reflection& to = *message.GetReflection();
  const Reflection& from = *original.GetReflection();
  to.MutableUnknownFields(&message)->MergeFrom(from.GetUnknownFields(original));
  if (wellKnown(*message.GetDescriptor()) == WellKnown::Any) return keepInAny(schema, message, original);
  std::vector<const FieldDescriptor*> fields;
  to.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->is_map()) {
      keepInMap(schema, message, original, *field);
    } else if (field->is_repeated()) {
      const int size = to.FieldSize(message, field);
      if (size != from.FieldSize(original, field)) continue;
      for (int i = 0; i < size; ++i)
        keepIn(schema, *to.MutableRepeatedMessage(&message, field, i),
               from.GetRepeatedMessage(original, field, i));
    } else if (from.HasField(original, field)) {
      keepIn(schema, *to.MutableMessage(&message, field), from.GetMessage(original, field));
    }
  }
}

// By key, as text. Of entries with the same key the last one counts, so it alone stays.
void sortMap(Message& message, const FieldDescriptor& field) {
  const Reflection& of = *message.GetReflection();
  std::map<std::string, int> last;
  const int size = of.FieldSize(message, &field);
  for (int i = 0; i < size; ++i)
    last[mapKeyText(of.GetRepeatedMessage(message, &field, i), *field.message_type()->map_key())] = i;
  std::vector<int> wanted;
  for (const auto& [key, index] : last) wanted.push_back(index);
  std::vector<int> at(static_cast<std::size_t>(size));  // where each original entry is now
  std::vector<int> holds(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) at[static_cast<std::size_t>(i)] = holds[static_cast<std::size_t>(i)] = i;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto from = static_cast<std::size_t>(at[static_cast<std::size_t>(wanted[i])]);
    if (from == i) continue;
    of.SwapElements(&message, &field, static_cast<int>(i), static_cast<int>(from));
    std::swap(holds[i], holds[from]);
    at[static_cast<std::size_t>(holds[i])] = static_cast<int>(i);
    at[static_cast<std::size_t>(holds[from])] = static_cast<int>(from);
  }
  for (int i = size; i > static_cast<int>(wanted.size()); --i) of.RemoveLast(&message, &field);
}

void sortMaps(Message& message) {
  const Reflection& of = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  of.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      sortMaps(*of.MutableMessage(&message, field));
      continue;
    }
    for (int i = 0; i < of.FieldSize(message, field); ++i)
      sortMaps(*of.MutableRepeatedMessage(&message, field, i));
    if (field->is_map()) sortMap(message, *field);
  }
}

}  // namespace

void keepUnknownFields(const Schema& schema, Message& message, const Message& original) {
  const google::protobuf::LogSilencer quiet;
  keepIn(schema, message, original);
}

std::string canonicalBytes(Message& message) {
  sortMaps(message);
  return message.SerializePartialAsString();
}

}  // namespace retake
