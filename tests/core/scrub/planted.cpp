#include "planted.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include "schema/text.h"
#include "scrub/encodings.h"
#include "support/replay_file.h"
#include "walked.h"

namespace retake::test {
namespace {

namespace pb = google::protobuf;

// In the order of maps' keys: the same bytes for the same message.
std::string serialized(const pb::Message& message) {
  std::string out;
  pb::io::StringOutputStream stream(&out);
  pb::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&coded);
  coded.Trim();
  return out;
}

class Planter {
 public:
  Planter(unsigned seed, const std::function<std::string(unsigned)>& plant)
      : m_random(seed), m_plant(plant) {}

  void fill(pb::Message& message, int depth) {
    const pb::Reflection& reflection = *message.GetReflection();
    std::vector<const pb::FieldDescriptor*> fields;
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i)
      fields.push_back(message.GetDescriptor()->field(i));
    message.GetDescriptor()->file()->pool()->FindAllExtensions(message.GetDescriptor(), &fields);
    for (const pb::FieldDescriptor* field : fields) {
      if (below(3) == 0) continue;
      if (field->containing_oneof() && reflection.HasOneof(message, field->containing_oneof())) continue;
      const unsigned count = field->is_repeated() ? 1 + below(3) : 1;
      for (unsigned i = 0; i < count; ++i) add(message, *field, depth);
    }
    if (below(2) == 0) reflection.MutableUnknownFields(&message)->AddLengthDelimited(500, text());
    if (below(3) == 0) reflection.MutableUnknownFields(&message)->AddVarint(501, below(1000));
  }

  std::string text() {
    switch (below(12)) {
      case 0:
        return sentence();
      case 1:
        return toBase64(sentence());
      case 2:
        return "see " + toBase64(sentence()) + " there";
      case 3:
        return encodeHex(sentence(), below(2) == 0);
      case 4:
        return "https://example.com/x?q=" + encodeUrl(sentence(), {}) + "&n=" + std::to_string(below(100));
      case 5:
        return json();
      case 6:
        return toBase64(json());
      case 7:
        return toBase64("again " + toBase64(sentence()) + " !");
      case 8:
        return "q=" + encodeUrl(json(), {}) + "%3Bx";
      case 9:
        return encodeUrl("t=" + toBase64(sentence()), {}) + "%20.";
      case 10:
        return "nothing but " + std::to_string(below(1000)) + " words";
      default:
        return value();
    }
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(m_random() % limit); }
  std::string value() { return m_plant(m_count++); }
  std::string sentence() {
    switch (below(3)) {
      case 0:
        return value();
      case 1:
        return "it is " + value() + " (again: " + value() + ")";
      default:
        return "id=" + value() + "; user=u" + std::to_string(below(100));
    }
  }
  std::string json() {
    return "{\"a\": [\"" + encodeJsonString(sentence()) + "\", " + std::to_string(below(100)) +
           ", null], \"b\":{\"" + value() + "\" : true, \"t\":\"" + encodeJsonString(toBase64(sentence())) +
           "\"}}";
  }
  std::string bytes() {
    switch (below(4)) {
      case 0:
        return text();
      case 1:
        return "\xff\xfe\x01 " + sentence() + " \xfd\x02";
      case 2:
        return field(1, sentence()) + field(2, below(1000) + 1) + field(3, field(1, value()));
      default:
        return std::string("\x80\x01\xfe", 3) + static_cast<char>(below(256));
    }
  }
  // Never equal to another of its map, whatever is planted.
  std::string key() { return "k" + std::to_string(10'000 + m_keys++) + " " + value(); }

  void add(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    using Field = pb::FieldDescriptor;
    const pb::Reflection& r = *message.GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case Field::CPPTYPE_INT32: {
        const auto number = static_cast<std::int32_t>(below(2000)) - 1000;
        return many ? r.AddInt32(&message, &field, number) : r.SetInt32(&message, &field, number);
      }
      case Field::CPPTYPE_INT64:
        return r.SetInt64(&message, &field, -static_cast<std::int64_t>(below(1u << 30)));
      case Field::CPPTYPE_UINT32:
        return r.SetUInt32(&message, &field, below(1000));
      case Field::CPPTYPE_DOUBLE:
        return many ? r.AddDouble(&message, &field, below(100) / 8.0)
                    : r.SetDouble(&message, &field, below(100) / 8.0);
      case Field::CPPTYPE_FLOAT:
        return r.SetFloat(&message, &field, static_cast<float>(below(100)) / 8);
      case Field::CPPTYPE_BOOL:
        return r.SetBool(&message, &field, below(2) == 0);
      case Field::CPPTYPE_ENUM:
        return r.SetEnumValue(&message, &field, static_cast<int>(below(2)));
      case Field::CPPTYPE_STRING: {
        const std::string what = field.type() == Field::TYPE_BYTES ? bytes() : text();
        return many ? r.AddString(&message, &field, what) : r.SetString(&message, &field, what);
      }
      case Field::CPPTYPE_MESSAGE:
        return addMessage(message, field, depth);
      case Field::CPPTYPE_UINT64:
        return;  // no field is one
    }
  }

  void addMessage(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    if (depth == 0) return;
    if (field.is_map()) return addEntry(message, field, depth);
    const pb::Reflection& r = *message.GetReflection();
    pb::Message& inner =
        field.is_repeated() ? *r.AddMessage(&message, &field) : *r.MutableMessage(&message, &field);
    const std::string& name = inner.GetDescriptor()->full_name();
    if (name == "google.protobuf.Any")
      fillAny(inner, depth);
    else if (name != "google.protobuf.Timestamp")
      fill(inner, depth - 1);
  }

  void addEntry(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    if (field.message_type()->map_key()->type() == pb::FieldDescriptor::TYPE_BOOL &&
        message.GetReflection()->FieldSize(message, &field) > 0)
      return;
    pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
    const pb::FieldDescriptor& keyField = *field.message_type()->map_key();
    const pb::FieldDescriptor& mapped = *field.message_type()->map_value();
    if (keyField.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING)
      entry.GetReflection()->SetString(&entry, &keyField, key());
    else if (keyField.cpp_type() == pb::FieldDescriptor::CPPTYPE_INT32)
      entry.GetReflection()->SetInt32(&entry, &keyField, static_cast<std::int32_t>(m_keys++));
    else
      add(entry, keyField, depth);
    add(entry, mapped, depth - 1);
    if (mapped.message_type()) entry.GetReflection()->MutableMessage(&entry, &mapped);
  }

  void fillAny(pb::Message& any, int depth) {
    const bool isKnown = below(4) != 0;
    const auto content = kindsSchema()->newMessage(*kindsType(below(2) == 0 ? "kinds.Other" : "kinds.Kinds"));
    fill(*content, depth - 1);
    const pb::Descriptor& type = *any.GetDescriptor();
    any.GetReflection()->SetString(&any, type.FindFieldByNumber(1),
                                   "type.googleapis.com/" + (isKnown ? content->GetDescriptor()->full_name()
                                                                     : std::string("kinds.Unknown")));
    any.GetReflection()->SetString(&any, type.FindFieldByNumber(2), serialized(*content));
  }

  std::mt19937 m_random;
  const std::function<std::string(unsigned)>& m_plant;
  unsigned m_count = 0;
  unsigned m_keys = 0;
};

}  // namespace

std::string plantedMessage(unsigned seed, const std::function<std::string(unsigned)>& plant) {
  const auto message = kindsSchema()->newMessage(*kindsType());
  Planter(seed, plant).fill(*message, 3);
  return serialized(*message);
}

std::string plantedText(unsigned seed, const std::function<std::string(unsigned)>& plant) {
  return Planter(seed, plant).text();
}

}  // namespace retake::test
