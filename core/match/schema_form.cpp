#include "match/schema_form.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/wire.h"
#include "match/wire_form.h"
#include "recording/entry.h"

namespace retake {
namespace {

namespace pb = google::protobuf;

// An Any in an Any in an Any: each starts a parser of its own, so protobuf's own limit does not hold.
constexpr int kMaxAnyDepth = 32;

// Field numbers that no message has: what is unknown, and how an Any's value was written.
constexpr std::uint32_t kUnknownFields = 0;
constexpr std::uint32_t kAnyUrl = 1;
constexpr std::uint32_t kAnyBytes = 2;
constexpr std::uint32_t kAnyContent = 3;

std::uint64_t bitsOf(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value);
}

class Writer {
 public:
  Writer(const Schema& schema, int anyDepth) : m_schema(schema), m_anyDepth(anyDepth) {}

  std::optional<std::string> parseAndWrite(const pb::Descriptor& type, ByteView bytes) const {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
    const std::unique_ptr<pb::Message> message = m_schema.newMessage(type);
    if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    return write(*message);
  }

 private:
  std::string write(const pb::Message& message) const {
    std::string out;
    if (message.GetDescriptor()->full_name() == "google.protobuf.Any" && writeAny(message, out)) return out;
    const pb::Reflection& reflection = *message.GetReflection();
    std::vector<const pb::FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      if (field->is_map()) {
        writeMap(message, *field, out);
      } else if (field->is_repeated()) {
        for (int i = 0; i < reflection.FieldSize(message, field); ++i) writeValue(message, *field, i, out);
      } else {
        writeValue(message, *field, -1, out);
      }
    }
    const pb::UnknownFieldSet& unknown = reflection.GetUnknownFields(message);
    if (!unknown.empty()) {
      std::string bytes;
      std::string storage;
      if (unknown.SerializeToString(&bytes)) appendBytesField(out, kUnknownFields, exactForm(bytes, storage));
    }
    return out;
  }

  bool writeAny(const pb::Message& any, std::string& out) const {
    const pb::Descriptor& type = *any.GetDescriptor();
    const pb::FieldDescriptor* url = type.FindFieldByNumber(1);
    const pb::FieldDescriptor* value = type.FindFieldByNumber(2);
    const auto isSingle = [](const pb::FieldDescriptor* field, pb::FieldDescriptor::Type wanted) {
      return field && field->type() == wanted && !field->is_repeated();
    };
    // Somebody's own google.protobuf.Any of another shape is a message as any other.
    if (!isSingle(url, pb::FieldDescriptor::TYPE_STRING) || !isSingle(value, pb::FieldDescriptor::TYPE_BYTES))
      return false;
    const pb::Reflection& reflection = *any.GetReflection();
    if (!reflection.GetUnknownFields(any).empty()) return false;
    const std::string typeUrl = reflection.GetString(any, url);
    const std::string bytes = reflection.GetString(any, value);
    appendBytesField(out, kAnyUrl, typeUrl);
    const pb::Descriptor* content = m_schema.message(typeNameOf(typeUrl));
    std::optional<std::string> form;
    if (content && m_anyDepth < kMaxAnyDepth)
      form = Writer(m_schema, m_anyDepth + 1).parseAndWrite(*content, bytes);
    if (form)
      appendBytesField(out, kAnyContent, *form);
    else
      appendBytesField(out, kAnyBytes, bytes);
    return true;
  }

  // Entries by key; of two with one key the later one counts, as for any parser.
  void writeMap(const pb::Message& message, const pb::FieldDescriptor& field, std::string& out) const {
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::FieldDescriptor& key = *field.message_type()->map_key();
    const pb::FieldDescriptor& value = *field.message_type()->map_value();
    std::vector<std::pair<std::string, std::string>> entries;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const pb::Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      auto& [k, v] = entries.emplace_back();
      writeValue(entry, key, -1, k);
      writeValue(entry, value, -1, v);
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i + 1 < entries.size() && entries[i].first == entries[i + 1].first) continue;
      appendBytesField(out, static_cast<std::uint32_t>(field.number()), entries[i].first + entries[i].second);
    }
  }

  // One value with its tag; `index` is -1 for a field that is not repeated.
  void writeValue(const pb::Message& message, const pb::FieldDescriptor& field, int index,
                  std::string& out) const {
    const pb::Reflection& r = *message.GetReflection();
    const auto number = static_cast<std::uint32_t>(field.number());
    const bool one = index < 0;
    const pb::FieldDescriptor* f = &field;
    const auto varint = [&](std::uint64_t value) { appendVarintField(out, number, value); };
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32:
        return varint(static_cast<std::uint64_t>(
            std::int64_t{one ? r.GetInt32(message, f) : r.GetRepeatedInt32(message, f, index)}));
      case pb::FieldDescriptor::CPPTYPE_INT64:
        return varint(
            static_cast<std::uint64_t>(one ? r.GetInt64(message, f) : r.GetRepeatedInt64(message, f, index)));
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        return varint(one ? r.GetUInt32(message, f) : r.GetRepeatedUInt32(message, f, index));
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        return varint(one ? r.GetUInt64(message, f) : r.GetRepeatedUInt64(message, f, index));
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        return varint((one ? r.GetBool(message, f) : r.GetRepeatedBool(message, f, index)) ? 1 : 0);
      case pb::FieldDescriptor::CPPTYPE_ENUM:
        return varint(static_cast<std::uint64_t>(
            std::int64_t{one ? r.GetEnumValue(message, f) : r.GetRepeatedEnumValue(message, f, index)}));
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
        return varint(bitsOf(double{one ? r.GetFloat(message, f) : r.GetRepeatedFloat(message, f, index)}));
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        return varint(bitsOf(one ? r.GetDouble(message, f) : r.GetRepeatedDouble(message, f, index)));
      case pb::FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        return appendBytesField(out, number,
                                one ? r.GetStringReference(message, f, &scratch)
                                    : r.GetRepeatedStringReference(message, f, index, &scratch));
      }
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return appendBytesField(
            out, number, write(one ? r.GetMessage(message, f) : r.GetRepeatedMessage(message, f, index)));
    }
  }

  const Schema& m_schema;
  int m_anyDepth;
};

}  // namespace

std::optional<std::string> schemaForm(const Schema& schema, const pb::Descriptor& type, ByteView message) {
  // protobuf writes to standard error what a parser does not like; it is no news to us.
  const pb::LogSilencer silencer;
  return Writer(schema, 0).parseAndWrite(type, message);
}

}  // namespace retake
