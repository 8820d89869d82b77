#pragma once

#include "explain/difference.h"

namespace retake {

// What to ignore so that a difference does not count. Its path; but where one list has an element more than
// the other, that is the whole list: elements are ignored by their places, and those behind it have others.
// `type` is that of the messages, or null.
FieldPath ignorePath(const google::protobuf::Descriptor* type, const Difference& difference);

}  // namespace retake
