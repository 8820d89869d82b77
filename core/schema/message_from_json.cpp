#include "schema/message_from_json.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <set>

#include "recording/entry.h"
#include "schema/field_names.h"
#include "schema/json_numbers.h"
#include "schema/message_depth.h"
#include "schema/suggest.h"
#include "schema/text.h"
#include "schema/well_known.h"
#include "schema/wire_json.h"

namespace retake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using JsonKind = JsonValue::Kind;

constexpr std::size_t kMaxProblems = 20;  // the first few tell all

bool isNullValue(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_ENUM &&
         field.enum_type()->full_name() == "google.protobuf.NullValue";
}

// A field for which null is a value, and not the same as leaving it out.
bool takesNull(const FieldDescriptor& field) {
  return isNullValue(field) || (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                                wellKnown(*field.message_type()) == WellKnown::Value);
}

class MessageReader {
 public:
  MessageReader(const Schema& schema, std::vector<JsonProblem>& problems)
      : m_schema(schema), m_problems(problems) {}

  void message(const JsonValue& json, Message& message, int depth) {
    if (depth > kMaxMessageDepth)
      return complain(json.offset, "expected at most 100 levels of nesting, found more");
    const Descriptor& type = *message.GetDescriptor();
    switch (wellKnown(type)) {
      case WellKnown::None:
        return object(json, message, depth);
      case WellKnown::Any:
        return any(json, message, depth);
      case WellKnown::Timestamp:
        return time(json, message, parseTimestamp, depth);
      case WellKnown::Duration:
        return time(json, message, parseDuration, depth);
      case WellKnown::FieldMask:
        return mask(json, message, depth);
      case WellKnown::Struct:
        if (json.kind != JsonKind::Object) return expected("an object", json);
        return map(json, message, *type.FindFieldByNumber(1), depth);
      case WellKnown::ListValue:
        if (json.kind != JsonKind::Array) return expected("a list", json);
        return list(json, message, *type.FindFieldByNumber(1), depth);
      case WellKnown::Value:
        return value(json, message, depth);
      case WellKnown::Wrapper:
        return scalar(json, message, *type.FindFieldByNumber(1), depth);
    }
  }

 private:
  bool full() const { return m_problems.size() >= kMaxProblems; }
  void complain(std::size_t offset, std::string what) {
    if (!full()) m_problems.push_back({.message = std::move(what), .offset = offset, .path = m_path});
  }
  void expected(const std::string& what, const JsonValue& json) {
    complain(json.offset, "expected " + what + ", found " + json.found());
  }

  void object(const JsonValue& json, Message& message, int depth) {
    if (json.kind != JsonKind::Object)
      return expected("an object (" + message.GetDescriptor()->full_name() + ")", json);
    fields(json, message, depth, {});
  }

  // The members of an object as fields, but for the one that is named `passOver`.
  void fields(const JsonValue& json, Message& message, int depth, std::string_view passOver) {
    const Descriptor& type = *message.GetDescriptor();
    std::map<const FieldDescriptor*, std::string> seen;
    const std::size_t pathLength = m_path.size();
    for (const JsonMember& member : json.members) {
      if (full()) return;
      if (member.key == passOver) continue;
      const FieldDescriptor* field = m_names.field(type, member.key);
      if (!field) {
        complain(member.offset, noSuchField(type, member.key));
        continue;
      }
      appendPathKey(m_path, member.key);
      if (const auto [first, isNew] = seen.try_emplace(field, member.key); !isNew) {
        complain(member.offset, "the field stands here already, as \"" + first->second + "\"");
      } else if (const auto* other = otherOfOneof(*field, member.value, seen)) {
        complain(member.offset, "expected one field of the oneof \"" + field->containing_oneof()->name() +
                                    "\", found \"" + *other + "\" beside it");
      } else {
        this->field(member.value, message, *field, depth);
      }
      m_path.resize(pathLength);
    }
    for (int i = 0; i < type.field_count(); ++i)
      if (type.field(i)->is_required() && !seen.contains(type.field(i)))
        complain(json.offset, "expected the required field \"" + m_names.key(*type.field(i)) + "\" in a " +
                                  type.full_name() + ", found none");
  }

  static const std::string* otherOfOneof(const FieldDescriptor& field, const JsonValue& json,
                                         std::map<const FieldDescriptor*, std::string>& seen) {
    const auto* oneof = field.real_containing_oneof();
    if (!oneof) return nullptr;
    if (json.kind == JsonKind::Null && !takesNull(field)) {
      seen.erase(&field);  // null is the same as leaving it out
      return nullptr;
    }
    for (const auto& [other, key] : seen)
      if (other != &field && other->real_containing_oneof() == oneof) return &key;
    return nullptr;
  }

  std::string noSuchField(const Descriptor& type, const std::string& key) {
    const std::string found = "\"" + std::string(utf8Prefix(key, 60)) + "\"";
    if (key.starts_with('['))
      return "expected an extension of " + type.full_name() + ", found " + found +
             ", which the schema does not know";
    std::vector<std::string> names;
    for (int i = 0; i < type.field_count(); ++i) names.push_back(m_names.key(*type.field(i)));
    if (names.empty()) return type.full_name() + " has no fields, found " + found;
    const std::string near = didYouMean(key, names);
    return "expected a field of " + type.full_name() + (near.empty() ? " (" + someOf(names) + ")" : "") +
           ", found " + found + near;
  }

  void field(const JsonValue& json, Message& message, const FieldDescriptor& field, int depth) {
    if (field.is_map()) {
      if (json.kind == JsonKind::Null) return;
      if (json.kind != JsonKind::Object) return expected("an object, since the field is a map", json);
      return map(json, message, field, depth);
    }
    if (field.is_repeated()) {
      if (json.kind == JsonKind::Null) return;
      if (json.kind != JsonKind::Array) return expected("a list, since the field is repeated", json);
      return list(json, message, field, depth);
    }
    if (json.kind == JsonKind::Null && !takesNull(field)) return;
    scalar(json, message, field, depth);
  }

  void list(const JsonValue& json, Message& message, const FieldDescriptor& field, int depth) {
    const std::size_t pathLength = m_path.size();
    for (std::size_t i = 0; i < json.items.size() && !full(); ++i) {
      m_path += "[" + std::to_string(i) + "]";
      if (json.items[i].kind == JsonKind::Null && !takesNull(field)) {
        complain(json.items[i].offset, "expected a value, found null, which a list cannot hold");
      } else {
        scalar(json.items[i], message, field, depth);
      }
      m_path.resize(pathLength);
    }
  }

  void map(const JsonValue& json, Message& message, const FieldDescriptor& field, int depth) {
    const FieldDescriptor& keyField = *field.message_type()->map_key();
    const FieldDescriptor& valueField = *field.message_type()->map_value();
    if (depth + 1 > kMaxMessageDepth)
      return complain(json.offset, "expected at most 100 levels of nesting, found more");
    const std::size_t pathLength = m_path.size();
    for (const JsonMember& member : json.members) {
      if (full()) return;
      m_path += '[';
      appendJsonString(m_path, member.key);
      m_path += ']';
      if (member.value.kind == JsonKind::Null && !takesNull(valueField)) {
        complain(member.value.offset, "expected a value, found null, which a map cannot hold");
      } else {
        Message& entry = *message.GetReflection()->AddMessage(&message, &field);
        if (!mapKey(member.key, entry, keyField))
          complain(member.offset, "expected " + withArticle(keyField.type_name()) + " as the key, found \"" +
                                      std::string(utf8Prefix(member.key, 60)) + "\"");
        scalar(member.value, entry, valueField, depth + 1);
      }
      m_path.resize(pathLength);
    }
  }

  static bool mapKey(const std::string& text, Message& entry, const FieldDescriptor& key) {
    const auto* to = entry.GetReflection();
    const auto number = [&](auto zero, auto set) {
      const auto value = parseInteger<decltype(zero)>(text);
      if (value) (to->*set)(&entry, &key, *value);
      return value.has_value();
    };
    using R = google::protobuf::Reflection;
    switch (key.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return number(std::int32_t{}, &R::SetInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return number(std::int64_t{}, &R::SetInt64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return number(std::uint32_t{}, &R::SetUInt32);
      case FieldDescriptor::CPPTYPE_UINT64:
        return number(std::uint64_t{}, &R::SetUInt64);
      case FieldDescriptor::CPPTYPE_BOOL:
        to->SetBool(&entry, &key, text == "true");
        return text == "true" || text == "false";
      default:
        to->SetString(&entry, &key, text);
        return true;
    }
  }

  // One value of a field that may be repeated: then it is added.
  void scalar(const JsonValue& json, Message& message, const FieldDescriptor& field, int depth) {
    using R = google::protobuf::Reflection;
    const auto* to = message.GetReflection();
    const auto put = [&](const auto& value, auto set, auto add) {
      if (field.is_repeated()) {
        (to->*add)(&message, &field, value);
      } else {
        (to->*set)(&message, &field, value);
      }
    };
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return integer<std::int32_t>(json, field, [&](auto v) { put(v, &R::SetInt32, &R::AddInt32); });
      case FieldDescriptor::CPPTYPE_INT64:
        return integer<std::int64_t>(json, field, [&](auto v) { put(v, &R::SetInt64, &R::AddInt64); });
      case FieldDescriptor::CPPTYPE_UINT32:
        return integer<std::uint32_t>(json, field, [&](auto v) { put(v, &R::SetUInt32, &R::AddUInt32); });
      case FieldDescriptor::CPPTYPE_UINT64:
        return integer<std::uint64_t>(json, field, [&](auto v) { put(v, &R::SetUInt64, &R::AddUInt64); });
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return real<double>(json, [&](auto v) { put(v, &R::SetDouble, &R::AddDouble); });
      case FieldDescriptor::CPPTYPE_FLOAT:
        return real<float>(json, [&](auto v) { put(v, &R::SetFloat, &R::AddFloat); });
      case FieldDescriptor::CPPTYPE_BOOL:
        if (json.kind != JsonKind::True && json.kind != JsonKind::False)
          return expected("true or false", json);
        return put(json.kind == JsonKind::True, &R::SetBool, &R::AddBool);
      case FieldDescriptor::CPPTYPE_ENUM:
        if (const auto number = enumNumber(json, field)) put(*number, &R::SetEnumValue, &R::AddEnumValue);
        return;
      case FieldDescriptor::CPPTYPE_STRING: {
        const bool bytes = field.type() == FieldDescriptor::TYPE_BYTES;
        if (json.kind != JsonKind::String) return expected(bytes ? "a string of base64" : "a string", json);
        std::string text = json.string();
        if (bytes) {
          auto decoded = fromBase64(text);
          if (!decoded) return expected("base64", json);
          text = *std::move(decoded);
        }
        if (field.is_repeated()) {
          to->AddString(&message, &field, std::move(text));
        } else {
          to->SetString(&message, &field, std::move(text));
        }
        return;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return this->message(
            json,
            field.is_repeated() ? *to->AddMessage(&message, &field) : *to->MutableMessage(&message, &field),
            depth + 1);
    }
  }

  template <typename T, typename Put>
  void integer(const JsonValue& json, const FieldDescriptor& field, const Put& put) {
    const bool candidate = json.kind == JsonKind::Number || json.kind == JsonKind::String;
    const auto number = candidate ? parseInteger<T>(json.string()) : std::nullopt;
    if (number) return put(*number);
    std::string what = withArticle(field.type_name());
    if (candidate && parseReal<double>(json.string()))
      what += " from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
              std::to_string(std::numeric_limits<T>::max());
    expected(what, json);
  }

  template <typename T, typename Put>
  void real(const JsonValue& json, const Put& put) {
    if (json.kind == JsonKind::String) {
      if (json.text == "NaN") return put(std::numeric_limits<T>::quiet_NaN());
      if (json.text == "Infinity") return put(std::numeric_limits<T>::infinity());
      if (json.text == "-Infinity") return put(-std::numeric_limits<T>::infinity());
    }
    const bool candidate = json.kind == JsonKind::Number || json.kind == JsonKind::String;
    const auto number = candidate ? parseReal<T>(json.string()) : std::nullopt;
    if (number) return put(*number);
    const char* const type = sizeof(T) == 4 ? "float" : "double";
    expected(json.kind == JsonKind::Number ? std::string("a number within the range of a ") + type
                                           : std::string("a number or \"NaN\", \"Infinity\", \"-Infinity\""),
             json);
  }

  std::optional<int> enumNumber(const JsonValue& json, const FieldDescriptor& field) {
    const auto& type = *field.enum_type();
    if (json.kind == JsonKind::Null && isNullValue(field)) return 0;
    if (json.kind == JsonKind::Number) {
      const auto number = parseInteger<std::int32_t>(json.text);
      // proto2 keeps an unknown number among the unknown fields, so it cannot be set.
      const bool closed = field.file()->syntax() == google::protobuf::FileDescriptor::SYNTAX_PROTO2;
      if (number && (!closed || type.FindValueByNumber(*number))) return *number;
    }
    const std::string name = json.kind == JsonKind::String ? json.string() : std::string();
    if (const auto* value = name.empty() ? nullptr : type.FindValueByName(name)) return value->number();
    std::vector<std::string> names;
    for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
    const std::string near = name.empty() ? std::string() : didYouMean(name, names);
    complain(json.offset, "expected a value of " + type.full_name() +
                              (near.empty() ? " (" + someOf(names) + ")" : "") + ", found " + json.found() +
                              near);
    return std::nullopt;
  }

  using TimeParser = std::optional<SecondsNanos> (*)(std::string_view);
  void time(const JsonValue& json, Message& message, TimeParser parse, int depth) {
    if (json.kind == JsonKind::Object) return object(json, message, depth);
    const auto time = json.kind == JsonKind::String ? parse(json.string()) : std::nullopt;
    if (!time)
      return expected(parse == parseTimestamp ? "a time such as \"2026-01-02T03:04:05.5Z\""
                                              : "a duration such as \"1.5s\"",
                      json);
    const Descriptor& type = *message.GetDescriptor();
    message.GetReflection()->SetInt64(&message, type.FindFieldByNumber(1), time->seconds);
    message.GetReflection()->SetInt32(&message, type.FindFieldByNumber(2), time->nanos);
  }

  void mask(const JsonValue& json, Message& message, int depth) {
    if (json.kind == JsonKind::Object) return object(json, message, depth);
    if (json.kind != JsonKind::String) return expected("field paths such as \"name,user.email\"", json);
    const std::string text = json.string();
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const auto path = maskPathFromJson(std::string_view(text).substr(begin, end - begin));
      if (!path) return expected("field paths such as \"displayName,user.email\"", json);
      message.GetReflection()->AddString(&message, message.GetDescriptor()->FindFieldByNumber(1), *path);
      begin = end + 1;
    }
  }

  void value(const JsonValue& json, Message& message, int depth) {
    static constexpr int kNull = 1, kNumber = 2, kString = 3, kBool = 4, kStruct = 5, kList = 6;
    int number = kNull;
    switch (json.kind) {
      case JsonKind::Null:
        number = kNull;
        break;
      case JsonKind::True:
      case JsonKind::False:
        number = kBool;
        break;
      case JsonKind::Number:
        number = kNumber;
        break;
      case JsonKind::String:
        number = kString;
        break;
      case JsonKind::Object:
        number = kStruct;
        break;
      case JsonKind::Array:
        number = kList;
        break;
    }
    scalar(json, message, *message.GetDescriptor()->FindFieldByNumber(number), depth);
  }

  void any(const JsonValue& json, Message& message, int depth) {
    if (json.kind != JsonKind::Object) return expected("an object with \"@type\"", json);
    const auto at = std::find_if(json.members.begin(), json.members.end(),
                                 [](const JsonMember& member) { return member.key == "@type"; });
    if (at == json.members.end()) {
      // The plain form, for what the other cannot say; {} is an Any without a type.
      if (std::all_of(json.members.begin(), json.members.end(), [&](const JsonMember& member) {
            return m_names.field(*message.GetDescriptor(), member.key) != nullptr;
          }))
        return fields(json, message, depth, {});
      return complain(json.offset, "expected \"@type\" in a google.protobuf.Any, found none");
    }
    if (at->value.kind != JsonKind::String)
      return complain(
          at->value.offset,
          "expected a type such as \"type.googleapis.com/pkg.Message\", found " + at->value.found());
    const std::string url = at->value.string();
    if (url.find('/') == std::string::npos)
      return complain(
          at->value.offset,
          "expected a type such as \"type.googleapis.com/pkg.Message\", found " + at->value.found());
    const Descriptor* type = m_schema.message(typeNameOf(url));
    std::string bytes;
    if (!type) {
      bytes = readWireJson(json, m_problems, m_path);
    } else {
      const auto inner = m_schema.newMessage(*type);
      const std::size_t before = m_problems.size();
      if (wellKnown(*type) == WellKnown::None) {
        fields(json, *inner, depth + 1, "@type");
      } else {
        wrappedValue(json, *inner, depth + 1);
      }
      if (m_problems.size() == before) inner->SerializePartialToString(&bytes);
    }
    const Descriptor& own = *message.GetDescriptor();
    message.GetReflection()->SetString(&message, own.FindFieldByNumber(1), url);
    if (!bytes.empty())
      message.GetReflection()->SetString(&message, own.FindFieldByNumber(2), std::move(bytes));
  }

  // {"@type": "….Duration", "value": "1s"}: a type with a form of its own.
  void wrappedValue(const JsonValue& json, Message& inner, int depth) {
    bool found = false;
    const std::size_t pathLength = m_path.size();
    for (const JsonMember& member : json.members) {
      if (member.key == "@type") continue;
      if (member.key != "value") {
        complain(member.offset, "expected \"value\" beside \"@type\", found \"" +
                                    std::string(utf8Prefix(member.key, 60)) + "\"");
        continue;
      }
      found = true;
      appendPathKey(m_path, "value");
      message(member.value, inner, depth);
      m_path.resize(pathLength);
    }
    if (!found) complain(json.offset, "expected \"value\" beside \"@type\", found none");
  }

  const Schema& m_schema;
  std::vector<JsonProblem>& m_problems;
  FieldNames m_names;
  std::string m_path;
};

}  // namespace

void readMessageJson(const Schema& schema, const JsonValue& json, Message& message,
                     std::vector<JsonProblem>& problems) {
  MessageReader(schema, problems).message(json, message, 0);
}

}  // namespace retake
