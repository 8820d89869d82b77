#include "random_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <cmath>
#include <limits>
#include <random>
#include <set>

namespace retake::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class Filler {
 public:
  Filler(const Schema& schema, std::mt19937& random, bool unknownFields)
      : m_schema(schema), m_random(random), m_unknownFields(unknownFields) {}

  void fill(Message& message, int depth) {
    const Descriptor& type = *message.GetDescriptor();
    if (type.full_name() == "google.protobuf.Any") return any(message, depth);
    if (type.full_name() == "google.protobuf.Value") return value(message, depth);
    if (type.full_name() == "google.protobuf.FieldMask") return mask(message);
    if (type.full_name() == "google.protobuf.Timestamp") return time(message, -62135596800, 253402300799);
    if (type.full_name() == "google.protobuf.Duration") return time(message, -315576000000, 315576000000);
    std::vector<const FieldDescriptor*> fields;
    for (int i = 0; i < type.field_count(); ++i) fields.push_back(type.field(i));
    type.file()->pool()->FindAllExtensions(&type, &fields);
    for (const FieldDescriptor* field : fields) this->field(message, *field, depth);
    if (!type.options().map_entry() && dice(8)) {
      const auto number = integer<std::uint64_t>();
      const std::string content = text();
      auto* unknown = message.GetReflection()->MutableUnknownFields(&message);
      if (m_unknownFields && number % 2 == 0) unknown->AddVarint(15000, number);
      if (m_unknownFields && number % 3 == 0) unknown->AddLengthDelimited(15001, content);
    }
  }

 private:
  bool dice(std::uint32_t sides) { return m_random() % sides == 0; }

  template <typename T>
  T integer() {
    static constexpr T kEdges[] = {0, 1, 127, std::numeric_limits<T>::max(), std::numeric_limits<T>::min()};
    if (dice(2)) return kEdges[m_random() % 5];
    return static_cast<T>(static_cast<std::uint64_t>(m_random()) << 32 | m_random());
  }

  template <typename T>
  T real(bool finite = false) {
    using Limits = std::numeric_limits<T>;
    const T edges[] = {T(0),
                       T(1),
                       T(0.1),
                       Limits::max(),
                       Limits::denorm_min(),
                       Limits::min(),
                       Limits::lowest(),
                       Limits::infinity(),
                       -Limits::infinity(),
                       Limits::quiet_NaN()};
    if (dice(2)) return edges[m_random() % (finite ? 7 : 10)];
    return static_cast<T>(
        std::ldexp(static_cast<double>(m_random()) - 2e9, static_cast<int>(m_random() % 60) - 40));
  }

  std::string text() {
    static const std::string kPieces[] = {"a",
                                          "\"",
                                          "\\",
                                          "\n",
                                          "ü",
                                          "\u2028",
                                          "😀",
                                          " x ",
                                          "/",
                                          "\x7f",
                                          std::string(1, '\0'),
                                          "\u0085",
                                          "</script>",
                                          "\xef\xbb\xbf",
                                          "true",
                                          "12"};
    std::string text;
    for (auto i = m_random() % 6; i > 0; --i) text += kPieces[m_random() % std::size(kPieces)];
    return text;
  }

  std::string bytes() {
    std::string bytes(m_random() % 9, '\0');
    for (char& c : bytes) c = static_cast<char>(m_random());
    return bytes;
  }

  void field(Message& message, const FieldDescriptor& field, int depth) {
    if (!field.is_required() && dice(2)) return;
    const bool nested = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (nested && depth > 4) return;
    const auto* oneof = field.real_containing_oneof();
    if (oneof && message.GetReflection()->HasOneof(message, oneof)) return;
    if (field.is_map()) return map(message, field, depth);
    const auto count = field.is_repeated() ? m_random() % 4 : 1;
    for (unsigned i = 0; i < count; ++i) one(message, field, depth);
  }

  void map(Message& message, const FieldDescriptor& field, int depth) {
    const auto* to = message.GetReflection();
    std::set<std::string> keys;
    for (auto i = m_random() % 4; i > 0; --i) {
      Message& entry = *to->AddMessage(&message, &field);
      one(entry, *field.message_type()->map_key(), depth);
      if (!keys.insert(entry.SerializeAsString()).second) {
        to->RemoveLast(&message, &field);
        continue;
      }
      one(entry, *field.message_type()->map_value(), depth);
    }
  }

  void one(Message& message, const FieldDescriptor& field, int depth) {
    const auto* to = message.GetReflection();
    const bool list = field.is_repeated();
    Message* m = &message;
    const FieldDescriptor* f = &field;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto v = integer<std::int32_t>();
        return list ? to->AddInt32(m, f, v) : to->SetInt32(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_INT64: {
        const auto v = integer<std::int64_t>();
        return list ? to->AddInt64(m, f, v) : to->SetInt64(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        const auto v = integer<std::uint32_t>();
        return list ? to->AddUInt32(m, f, v) : to->SetUInt32(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        const auto v = integer<std::uint64_t>();
        return list ? to->AddUInt64(m, f, v) : to->SetUInt64(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_DOUBLE: {
        const auto v = real<double>();
        return list ? to->AddDouble(m, f, v) : to->SetDouble(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_FLOAT: {
        const auto v = real<float>();
        return list ? to->AddFloat(m, f, v) : to->SetFloat(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_BOOL: {
        const bool v = dice(2);
        return list ? to->AddBool(m, f, v) : to->SetBool(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto& type = *field.enum_type();
        int v =
            type.value(static_cast<int>(m_random() % static_cast<unsigned>(type.value_count())))->number();
        const bool open = field.file()->syntax() == google::protobuf::FileDescriptor::SYNTAX_PROTO3;
        if (open && type.full_name() != "google.protobuf.NullValue" && dice(4)) v = integer<std::int32_t>();
        return list ? to->AddEnumValue(m, f, v) : to->SetEnumValue(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string v = field.type() == FieldDescriptor::TYPE_BYTES ? bytes() : text();
        return list ? to->AddString(m, f, v) : to->SetString(m, f, v);
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return fill(list ? *to->AddMessage(m, f) : *to->MutableMessage(m, f), depth + 1);
    }
  }

  void any(Message& any, int depth) {
    static const char* const kTypes[] = {"kinds.v1.Scalars",         "kinds.v1.WellKnown",
                                         "google.protobuf.Duration", "google.protobuf.Empty",
                                         "google.protobuf.Any",      "google.protobuf.Int64Value"};
    if (dice(6)) return;
    std::string type = "not.in.the.Schema";
    std::string content("\x0a\x01x\x10\x07", 5);
    if (!dice(4)) {
      type = kTypes[m_random() % std::size(kTypes)];
      const auto inner = m_schema.newMessage(*m_schema.message(type));
      if (depth < 6) fill(*inner, depth + 2);
      content = inner->SerializePartialAsString();
    }
    const Descriptor& own = *any.GetDescriptor();
    any.GetReflection()->SetString(&any, own.FindFieldByNumber(1), "type.googleapis.com/" + type);
    any.GetReflection()->SetString(&any, own.FindFieldByNumber(2), content);
  }

  void value(Message& message, int depth) {
    const int kinds = depth > 4 ? 4 : 6;
    const auto* field = message.GetDescriptor()->FindFieldByNumber(
        1 + static_cast<int>(m_random() % static_cast<unsigned>(kinds)));
    if (field->number() == 1) return message.GetReflection()->SetEnumValue(&message, field, 0);
    if (field->number() == 2) return message.GetReflection()->SetDouble(&message, field, real<double>(true));
    one(message, *field, depth);
  }

  void mask(Message& message) {
    static const char* const kPaths[] = {"name", "user.display_name", "a_b_c.d", "odd_1", "Upper", "tail_"};
    for (auto i = m_random() % 3; i > 0; --i)
      message.GetReflection()->AddString(&message, message.GetDescriptor()->FindFieldByNumber(1),
                                         kPaths[m_random() % (dice(4) ? 6 : 3)]);
  }

  void time(Message& message, std::int64_t first, std::int64_t last) {
    const std::int64_t edges[] = {first, last, 0, -1, 1, 1767322245, 951782400, first - 1};
    const std::int32_t nanos[] = {0, 1, 500'000'000, 999'999'999, 1000, -5, 1'000'000'000};
    const Descriptor& own = *message.GetDescriptor();
    message.GetReflection()->SetInt64(&message, own.FindFieldByNumber(1), edges[m_random() % 8]);
    message.GetReflection()->SetInt32(&message, own.FindFieldByNumber(2), nanos[m_random() % 7]);
  }

  const Schema& m_schema;
  std::mt19937& m_random;
  bool m_unknownFields;
};

}  // namespace

std::string randomMessage(const Schema& schema, const std::string& type, unsigned seed, bool unknownFields) {
  std::mt19937 random(seed);
  const auto message = schema.newMessage(*schema.message(type));
  Filler(schema, random, unknownFields).fill(*message, 0);
  return message->SerializePartialAsString();
}

}  // namespace retake::test
