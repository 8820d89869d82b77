#include "explain/message_values.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <bit>
#include <cmath>
#include <limits>

#include "match/message_key.h"
#include "schema/text.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

std::uint64_t bitsOf(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value);
}

std::uint64_t bitsOf(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

ScalarValue scalarValue(const pb::Message& message, const Field& field, int index, std::string& scratch) {
  const pb::Reflection& r = *message.GetReflection();
  const bool one = index < 0;
  const Field* f = &field;
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
      return {bitsOf(std::int64_t{one ? r.GetInt32(message, f) : r.GetRepeatedInt32(message, f, index)}), {}};
    case Field::CPPTYPE_INT64:
      return {bitsOf(one ? r.GetInt64(message, f) : r.GetRepeatedInt64(message, f, index)), {}};
    case Field::CPPTYPE_UINT32:
      return {one ? r.GetUInt32(message, f) : r.GetRepeatedUInt32(message, f, index), {}};
    case Field::CPPTYPE_UINT64:
      return {one ? r.GetUInt64(message, f) : r.GetRepeatedUInt64(message, f, index), {}};
    case Field::CPPTYPE_BOOL:
      return {(one ? r.GetBool(message, f) : r.GetRepeatedBool(message, f, index)) ? 1u : 0u, {}};
    case Field::CPPTYPE_ENUM:
      return {
          bitsOf(std::int64_t{one ? r.GetEnumValue(message, f) : r.GetRepeatedEnumValue(message, f, index)}),
          {}};
    case Field::CPPTYPE_FLOAT:
      return {bitsOf(double{one ? r.GetFloat(message, f) : r.GetRepeatedFloat(message, f, index)}), {}};
    case Field::CPPTYPE_DOUBLE:
      return {bitsOf(one ? r.GetDouble(message, f) : r.GetRepeatedDouble(message, f, index)), {}};
    case Field::CPPTYPE_STRING:
      return {0, one ? r.GetStringReference(message, f, &scratch)
                     : r.GetRepeatedStringReference(message, f, index, &scratch)};
    case Field::CPPTYPE_MESSAGE:
      break;
  }
  return {};
}

double numberOf(const Field& field, std::uint64_t bits) {
  if (field.cpp_type() == Field::CPPTYPE_DOUBLE || field.cpp_type() == Field::CPPTYPE_FLOAT)
    return std::bit_cast<double>(bits);
  return static_cast<double>(static_cast<std::int64_t>(bits));
}

std::string numberText(const Field& field, std::uint64_t bits) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_UINT32:
    case Field::CPPTYPE_UINT64:
      return std::to_string(bits);
    case Field::CPPTYPE_BOOL:
      return bits != 0 ? "true" : "false";
    case Field::CPPTYPE_FLOAT:
      return floatText(static_cast<float>(std::bit_cast<double>(bits)));
    case Field::CPPTYPE_DOUBLE:
      return doubleText(std::bit_cast<double>(bits));
    case Field::CPPTYPE_ENUM:
      if (const auto* value = field.enum_type()->FindValueByNumber(static_cast<int>(bits)))
        return value->name();
      break;
    default:
      break;
  }
  return std::to_string(static_cast<std::int64_t>(bits));
}

std::uint64_t messageHash(const pb::Message& message) {
  std::string bytes;
  {
    pb::io::StringOutputStream stream(&bytes);
    pb::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&out);
  }
  return messageKey(bytes, 0).low;
}

}  // namespace retake
