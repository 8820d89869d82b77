#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace retake {

// One value of a field that holds no message: a number as bits that are equal where protobuf's values
// are (one NaN, one zero), or the text of a string or bytes field.
struct ScalarValue {
  std::uint64_t bits = 0;
  ByteView text;
  bool operator==(const ScalarValue&) const = default;
};

// `index` is -1 for a field that is not repeated; one that is absent has its default. `scratch` lives as long
// as what is returned.
ScalarValue scalarValue(const google::protobuf::Message& message,
                        const google::protobuf::FieldDescriptor& field, int index, std::string& scratch);
inline bool isText(const google::protobuf::FieldDescriptor& field) {
  return field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
}
// A number, and as JSON has it: "-3", "1.5", "true", "NAME".
double numberOf(const google::protobuf::FieldDescriptor& field, std::uint64_t bits);
std::string numberText(const google::protobuf::FieldDescriptor& field, std::uint64_t bits);

// The same for equal messages in nearly all cases (maps are sorted; the content of an Any is not looked at).
std::uint64_t messageHash(const google::protobuf::Message& message);

}  // namespace retake
