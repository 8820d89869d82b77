#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/wire.h"

// Values as a tree shows them to people.
namespace retake {

struct ShownValue {
  std::string text;
  bool truncated = false;
};

// Whether a field of this type, one value of it, is written with this wire type.
bool fitsWireType(const google::protobuf::FieldDescriptor& field, WireType type);

// A number, bool or enum from its bits: "-3", "true", "NAME (3)".
std::string scalarText(const google::protobuf::FieldDescriptor& field, std::uint64_t bits);
// The value of a field that is absent.
std::string defaultText(const google::protobuf::FieldDescriptor& field);
// The same without a type: "7"; large ones also as a signed number, fixed ones also as a real one where
// that looks meant.
std::string wireText(WireType type, std::uint64_t bits);

// Text up to 4 KiB; control characters and bytes that are no UTF-8 as \n and \x1f.
ShownValue stringText(ByteView text);
// In quotes where it is printable text, else as hexadecimal pairs.
ShownValue bytesText(ByteView bytes);

}  // namespace retake
