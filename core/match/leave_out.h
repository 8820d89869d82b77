#pragma once

#include <string>

#include "base/bytes.h"
#include "schema/field_path.h"

namespace retake {

// A message, field by field without its type, less what is covered. Fields keep their order and the bytes
// that they have. A length-delimited field is walked into where a path leads into it and it parses as a
// message; text that does so by chance only where the path names the field, not by a "**". A subscript
// counts the occurrences of a number. What holds a type URL in field 1 and bytes in field 2, and nothing
// else, is walked into as a google.protobuf.Any as well. More than a million fields are left as they are.
std::string leaveOut(ByteView message, const FieldPathSet::Walk& walk);

}  // namespace retake
