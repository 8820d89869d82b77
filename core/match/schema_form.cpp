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
#include "match/leave_out.h"
#include "match/wire_form.h"
#include "recording/entry.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Walk = FieldPathSet::Walk;

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

  // A walk is null where nothing at or below a place is left out.
  std::optional<std::string> parseAndWrite(const pb::Descriptor& type, ByteView bytes,
                                           const Walk* walk) const {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
    const std::unique_ptr<pb::Message> message = m_schema.newMessage(type);
    if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    return write(*message, walk);
  }

 private:
  static const Walk* orNull(const Walk& walk) { return walk.dead() ? nullptr : &walk; }

  std::string write(const pb::Message& message, const Walk* walk) const {
    std::string out;
    if (message.GetDescriptor()->full_name() == "google.protobuf.Any" && writeAny(message, walk, out))
      return out;
    const pb::Reflection& reflection = *message.GetReflection();
    std::vector<const pb::FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      if (!walk) {
        writeField(message, *field, nullptr, out);
      } else if (const Walk here = walk->field(*field); !here.covered()) {
        writeField(message, *field, orNull(here), out);
      }
    }
    const pb::UnknownFieldSet& unknown = reflection.GetUnknownFields(message);
    if (!unknown.empty()) writeUnknown(unknown, walk, out);
    return out;
  }

  void writeUnknown(const pb::UnknownFieldSet& unknown, const Walk* walk, std::string& out) const {
    std::string bytes;
    std::string storage;
    if (!unknown.SerializeToString(&bytes)) return;
    if (walk) bytes = leaveOut(bytes, *walk);
    if (!bytes.empty()) appendBytesField(out, kUnknownFields, exactForm(bytes, storage));
  }

  void writeField(const pb::Message& message, const pb::FieldDescriptor& field, const Walk* walk,
                  std::string& out) const {
    if (field.is_map()) return writeMap(message, field, walk, out);
    if (!field.is_repeated()) return writeValue(message, field, -1, walk, out);
    const int size = message.GetReflection()->FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
      if (!walk) {
        writeValue(message, field, i, nullptr, out);
      } else if (const Walk here = walk->element(static_cast<std::uint64_t>(i)); !here.covered()) {
        writeValue(message, field, i, orNull(here), out);
      }
    }
  }

  bool writeAny(const pb::Message& any, const Walk* walk, std::string& out) const {
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
    std::string bytes = reflection.GetString(any, value);
    const bool ignoresUrl = walk && walk->field(*url).covered();
    if (!ignoresUrl) appendBytesField(out, kAnyUrl, typeUrl);
    Walk inside = walk ? walk->any(typeNameOf(typeUrl)) : Walk();
    if (walk) inside = inside.with(walk->field(*value));
    if (inside.covered()) return true;
    const pb::Descriptor* content = m_schema.message(typeNameOf(typeUrl));
    std::optional<std::string> form;
    if (content && m_anyDepth < kMaxAnyDepth)
      form = Writer(m_schema, m_anyDepth + 1).parseAndWrite(*content, bytes, orNull(inside));
    if (!form && !inside.dead()) bytes = leaveOut(bytes, inside);
    if (form)
      appendBytesField(out, kAnyContent, *form);
    else
      appendBytesField(out, kAnyBytes, bytes);
    return true;
  }

  static Walk intoEntry(const Walk& walk, const pb::Message& entry, const pb::FieldDescriptor& key) {
    const pb::Reflection& r = *entry.GetReflection();
    switch (key.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        return walk.element(std::string_view(r.GetStringReference(entry, &key, &scratch)));
      }
      case pb::FieldDescriptor::CPPTYPE_INT32:
        return walk.element(static_cast<std::uint64_t>(std::int64_t{r.GetInt32(entry, &key)}));
      case pb::FieldDescriptor::CPPTYPE_INT64:
        return walk.element(static_cast<std::uint64_t>(r.GetInt64(entry, &key)));
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        return walk.element(std::uint64_t{r.GetUInt32(entry, &key)});
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        return walk.element(std::uint64_t{r.GetUInt64(entry, &key)});
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        return walk.element(std::uint64_t{r.GetBool(entry, &key) ? 1u : 0u});
      default:
        return walk;  // no map has such keys
    }
  }

  // Entries by key; of two with one key the later one counts, as for any parser.
  void writeMap(const pb::Message& message, const pb::FieldDescriptor& field, const Walk* walk,
                std::string& out) const {
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::FieldDescriptor& key = *field.message_type()->map_key();
    const pb::FieldDescriptor& value = *field.message_type()->map_value();
    std::vector<std::pair<std::string, std::string>> entries;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const pb::Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      const Walk here = walk ? intoEntry(*walk, entry, key) : Walk();
      if (here.covered()) continue;
      auto& [k, v] = entries.emplace_back();
      writeValue(entry, key, -1, nullptr, k);
      writeValue(entry, value, -1, orNull(here), v);
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i + 1 < entries.size() && entries[i].first == entries[i + 1].first) continue;
      appendBytesField(out, static_cast<std::uint32_t>(field.number()), entries[i].first + entries[i].second);
    }
  }

  // One value with its tag; `index` is -1 for a field that is not repeated.
  void writeValue(const pb::Message& message, const pb::FieldDescriptor& field, int index, const Walk* walk,
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
            out, number,
            write(one ? r.GetMessage(message, f) : r.GetRepeatedMessage(message, f, index), walk));
    }
  }

  const Schema& m_schema;
  int m_anyDepth;
};

}  // namespace

std::optional<std::string> schemaForm(const Schema& schema, const pb::Descriptor& type, ByteView message,
                                      const FieldPathSet& ignore) {
  // protobuf writes to standard error what a parser does not like; it is no news to us.
  const pb::LogSilencer silencer;
  if (ignore.empty()) return Writer(schema, 0).parseAndWrite(type, message, nullptr);
  const Walk walk = ignore.begin();
  if (walk.covered()) return std::string();
  return Writer(schema, 0).parseAndWrite(type, message, &walk);
}

}  // namespace retake
