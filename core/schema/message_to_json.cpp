#include "schema/message_to_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "recording/entry.h"
#include "schema/field_names.h"
#include "schema/json_reader.h"
#include "schema/message_depth.h"
#include "schema/text.h"
#include "schema/well_known.h"
#include "schema/wire_json.h"

namespace retake {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class Writer {
 public:
  Writer(const Schema& schema, JsonWriter& out) : m_schema(schema), m_out(out) {}

  Result<void> run(const Message& message) {
    writeMessage(message, 0);
    if (m_error.message.empty()) return {};
    return m_error;
  }

 private:
  void fail(const std::string& what) {
    if (!m_error.message.empty()) return;
    m_error.message = (m_path.empty() ? "" : m_path + ": ") + what;
  }
  bool stopped() const { return !m_error.message.empty() || m_out.full(); }

  void writeText(std::string_view text) {
    if (const std::size_t valid = validUtf8(text); valid != text.size())
      return fail("expected UTF-8, found a byte that is none at " + std::to_string(valid) +
                  " of the string; JSON cannot say it");
    m_out.string(text);
  }

  void writeMessage(const Message& message, int depth) {
    if (depth > kMaxMessageDepth) return fail("expected at most 100 levels of nesting, found more");
    switch (wellKnown(*message.GetDescriptor())) {
      case WellKnown::None:
        return writeObject(message, depth);
      case WellKnown::Any:
        return writeAny(message, depth);
      case WellKnown::Timestamp:
      case WellKnown::Duration:
        return writeTime(message, depth);
      case WellKnown::FieldMask:
        return writeMask(message, depth);
      case WellKnown::Struct:
        return writeMap(message, *fieldOf(message, 1), depth);
      case WellKnown::ListValue:
        return writeList(message, *fieldOf(message, 1), depth);
      case WellKnown::Value:
        return writeValue(message, depth);
      case WellKnown::Wrapper:
        return writeScalar(message, *fieldOf(message, 1), -1, depth);
    }
  }

  static const FieldDescriptor* fieldOf(const Message& message, int number) {
    return message.GetDescriptor()->FindFieldByNumber(number);
  }
  static std::string stringOf(const Message& message, int number) {
    return message.GetReflection()->GetString(message, fieldOf(message, number));
  }

  void writeObject(const Message& message, int depth) {
    m_out.beginObject();
    writeFields(message, depth);
    m_out.endObject();
  }

  void writeFields(const Message& message, int depth) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    const std::size_t pathLength = m_path.size();
    for (const FieldDescriptor* field : fields) {
      if (stopped()) return;
      const std::string key = m_names.key(*field);
      m_out.key(key);
      appendPathKey(m_path, key);
      if (field->is_map()) {
        writeMap(message, *field, depth);
      } else if (field->is_repeated()) {
        writeList(message, *field, depth);
      } else {
        writeScalar(message, *field, -1, depth);
      }
      m_path.resize(pathLength);
    }
  }

  void writeList(const Message& message, const FieldDescriptor& field, int depth) {
    const std::size_t pathLength = m_path.size();
    const int size = message.GetReflection()->FieldSize(message, &field);
    m_out.beginArray();
    for (int i = 0; i < size && !stopped(); ++i) {
      m_path += "[" + std::to_string(i) + "]";
      writeScalar(message, field, i, depth);
      m_path.resize(pathLength);
    }
    m_out.endArray();
  }

  // Keys sort as strings or as numbers; of two entries with one key the later one counts.
  void writeMap(const Message& message, const FieldDescriptor& field, int depth) {
    const FieldDescriptor* keyField = field.message_type()->map_key();
    const FieldDescriptor* valueField = field.message_type()->map_value();
    const Reflection& reflection = *message.GetReflection();
    struct Key {
      std::int64_t order = 0;           // of signed keys
      std::uint64_t unsignedOrder = 0;  // of unsigned ones
      std::string text;
      auto operator<=>(const Key&) const = default;
    };
    std::map<Key, const Message*> entries;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      const Reflection& of = *entry.GetReflection();
      Key key;
      switch (keyField->cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          key.order = of.GetInt32(entry, keyField);
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          key.order = of.GetInt64(entry, keyField);
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          key.unsignedOrder = of.GetUInt32(entry, keyField);
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          key.unsignedOrder = of.GetUInt64(entry, keyField);
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          key.text = of.GetBool(entry, keyField) ? "true" : "false";
          break;
        default:
          key.text = of.GetString(entry, keyField);
      }
      if (keyField->cpp_type() != FieldDescriptor::CPPTYPE_STRING && key.text.empty())
        key.text = key.order != 0 ? std::to_string(key.order) : std::to_string(key.unsignedOrder);
      entries[key] = &entry;
    }
    m_out.beginObject();
    const std::size_t pathLength = m_path.size();
    for (const auto& [key, entry] : entries) {
      if (stopped()) return;
      if (!isUtf8(key.text)) return fail("expected UTF-8 in the keys of the map, found a key that is none");
      m_out.key(key.text);
      m_path += '[';
      appendJsonString(m_path, key.text);
      m_path += ']';
      writeScalar(*entry, *valueField, -1, depth + 1);
      m_path.resize(pathLength);
    }
    m_out.endObject();
  }

  template <typename T>
  void writeInteger(T value, bool quoted) {
    const std::string text = std::to_string(value);
    if (quoted) {
      m_out.string(text);
    } else {
      m_out.literal(text);
    }
  }

  void writeReal(const std::string& text, bool finite) {
    if (finite) {
      m_out.literal(text);
    } else {
      m_out.string(text);
    }
  }

  // `index` is -1 for a field that is not repeated.
  void writeScalar(const Message& message, const FieldDescriptor& field, int index, int depth) {
    const Reflection& of = *message.GetReflection();
    const bool one = index < 0;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return writeInteger(one ? of.GetInt32(message, &field) : of.GetRepeatedInt32(message, &field, index),
                            false);
      case FieldDescriptor::CPPTYPE_UINT32:
        return writeInteger(
            one ? of.GetUInt32(message, &field) : of.GetRepeatedUInt32(message, &field, index), false);
      case FieldDescriptor::CPPTYPE_INT64:
        return writeInteger(one ? of.GetInt64(message, &field) : of.GetRepeatedInt64(message, &field, index),
                            true);
      case FieldDescriptor::CPPTYPE_UINT64:
        return writeInteger(
            one ? of.GetUInt64(message, &field) : of.GetRepeatedUInt64(message, &field, index), true);
      case FieldDescriptor::CPPTYPE_DOUBLE: {
        const double value =
            one ? of.GetDouble(message, &field) : of.GetRepeatedDouble(message, &field, index);
        return writeReal(doubleText(value), std::isfinite(value));
      }
      case FieldDescriptor::CPPTYPE_FLOAT: {
        const float value = one ? of.GetFloat(message, &field) : of.GetRepeatedFloat(message, &field, index);
        return writeReal(floatText(value), std::isfinite(value));
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return m_out.literal((one ? of.GetBool(message, &field) : of.GetRepeatedBool(message, &field, index))
                                 ? "true"
                                 : "false");
      case FieldDescriptor::CPPTYPE_ENUM:
        return writeEnum(
            field, one ? of.GetEnumValue(message, &field) : of.GetRepeatedEnumValue(message, &field, index));
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& value = one ? of.GetStringReference(message, &field, &scratch)
                                       : of.GetRepeatedStringReference(message, &field, index, &scratch);
        if (field.type() == FieldDescriptor::TYPE_BYTES) return m_out.string(toBase64(value));
        return writeText(value);
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return writeMessage(
            one ? of.GetMessage(message, &field) : of.GetRepeatedMessage(message, &field, index), depth + 1);
    }
  }

  void writeEnum(const FieldDescriptor& field, int number) {
    if (field.enum_type()->full_name() == "google.protobuf.NullValue" && number == 0)
      return m_out.literal("null");
    const auto* value = field.enum_type()->FindValueByNumber(number);
    if (value) {
      m_out.string(value->name());
    } else {
      m_out.literal(std::to_string(number));
    }
  }

  void writeAny(const Message& any, int depth) {
    const std::string url = stringOf(any, 1);
    const std::string bytes = stringOf(any, 2);
    const auto* type = m_schema.message(typeNameOf(url));
    if (url.empty() || !isUtf8(url) || depth >= kMaxMessageDepth) return writeObject(any, depth);
    if (!type) {
      if (!isWireMessage(bytes)) return writeObject(any, depth);
      m_out.beginObject();
      m_out.key("@type");
      m_out.string(url);
      writeWireFields(bytes, m_out, depth + 1);
      return m_out.endObject();
    }
    const auto inner = m_schema.newMessage(*type);
    if (!inner->ParsePartialFromString(bytes)) return writeObject(any, depth);
    m_out.beginObject();
    m_out.key("@type");
    m_out.string(url);
    if (wellKnown(*type) == WellKnown::None) {
      writeFields(*inner, depth + 1);
    } else {
      m_out.key("value");
      writeMessage(*inner, depth + 1);
    }
    m_out.endObject();
  }

  void writeTime(const Message& message, int depth) {
    const Reflection& of = *message.GetReflection();
    const std::int64_t seconds = of.GetInt64(message, fieldOf(message, 1));
    const std::int32_t nanos = of.GetInt32(message, fieldOf(message, 2));
    const auto text = wellKnown(*message.GetDescriptor()) == WellKnown::Timestamp
                          ? timestampText(seconds, nanos)
                          : durationText(seconds, nanos);
    if (!text) return writeObject(message, depth);
    m_out.string(*text);
  }

  void writeMask(const Message& message, int depth) {
    const FieldDescriptor* paths = fieldOf(message, 1);
    const Reflection& of = *message.GetReflection();
    std::string text;
    for (int i = 0; i < of.FieldSize(message, paths); ++i) {
      const std::string path = of.GetRepeatedString(message, paths, i);
      const auto json = maskPathToJson(path);
      // An empty path is lost between commas.
      if (!json || path.empty()) return writeObject(message, depth);
      text += (i > 0 ? "," : "") + *json;
    }
    writeText(text);
  }

  void writeValue(const Message& message, int depth) {
    const auto* kind = fieldOf(message, 1)->containing_oneof();
    const FieldDescriptor* field = message.GetReflection()->GetOneofFieldDescriptor(message, kind);
    if (!field) return fail("a google.protobuf.Value of no kind; JSON cannot say it");
    if (field->number() == 2 && !std::isfinite(message.GetReflection()->GetDouble(message, field)))
      return fail("a google.protobuf.Value that is NaN or infinite; JSON cannot say it");
    writeScalar(message, *field, -1, depth);
  }

  const Schema& m_schema;
  JsonWriter& m_out;
  FieldNames m_names;
  std::string m_path;
  Error m_error;
};

}  // namespace

Result<void> writeMessageJson(const Schema& schema, const Message& message, JsonWriter& writer) {
  const google::protobuf::LogSilencer quiet;  // of strings that are no UTF-8
  return Writer(schema, writer).run(message);
}

}  // namespace retake
