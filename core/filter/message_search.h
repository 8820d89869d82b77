#pragma once

#include "base/bytes.h"
#include "filter/value_test.h"
#include "schema/field_path.h"

namespace google::protobuf {
class Descriptor;
class DescriptorPool;
}  // namespace google::protobuf

namespace retake {

// Whether a message has a value for which `tests` hold where the path leads, or below. By name where `type`
// is known, by field number and as guessed (schema/wire_guess.h) where not. What a google.protobuf.Any holds
// is looked up in `pool` (null: not). Times and durations of google.protobuf are one value.
bool hasValue(const google::protobuf::Descriptor* type, ByteView message, const FieldPathSet& path,
              const ValueTests& tests, const google::protobuf::DescriptorPool* pool);

// The same of text anywhere in the message: strings, keys of maps, and bytes that are text.
bool hasText(const google::protobuf::Descriptor* type, ByteView message, const ValueTests& tests,
             const google::protobuf::DescriptorPool* pool);

}  // namespace retake
