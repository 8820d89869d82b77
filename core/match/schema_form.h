#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "schema/field_path.h"
#include "schema/schema.h"

namespace retake {

// One form for all the bytes that are the same message of `type`: of map order, field order, packed or
// not, explicit defaults (as the type has presence), the order of unknown fields, the bits of a NaN and
// the sign of a zero nothing is left, and a google.protobuf.Any counts by the content of its message. The
// form is for comparing; it is no protobuf. What `ignore` covers is left out of it. Empty when `message`
// cannot be read as a `type`.
std::optional<std::string> schemaForm(const Schema& schema, const google::protobuf::Descriptor& type,
                                      ByteView message, const FieldPathSet& ignore = {});

}  // namespace retake
