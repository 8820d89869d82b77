#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/wire.h"

// Numbers of fields as decimals. `field` may be null: then its type is not known, and a varint is taken for
// a natural number, as are fixed ones.
namespace retake {

std::string numberText(const google::protobuf::FieldDescriptor* field, std::uint64_t bits);
// Empty when the field cannot hold what `text` says.
std::optional<std::uint64_t> numberBits(const google::protobuf::FieldDescriptor* field, WireType type,
                                        std::string_view text);
// Without a tag.
void appendNumber(std::string& out, WireType type, std::uint64_t bits);
// How one value of the field is written.
WireType wireTypeOf(const google::protobuf::FieldDescriptor& field);

// Of a message of the type, extensions among them; null where it has none, and for type null.
const google::protobuf::FieldDescriptor* fieldOf(const google::protobuf::Descriptor* type,
                                                 std::uint32_t number);

}  // namespace retake
