#pragma once

#include "explain/difference.h"

namespace retake {

// What to ignore so that a difference does not count. Its path; but elements of lists are ignored by their
// places. So where one list has an element more than the other, it is the whole list, since those behind it
// have other places; and all elements where one stands at another place in what was sent. `type` is that of
// the messages, or null.
FieldPath ignorePath(const google::protobuf::Descriptor* type, const Difference& difference);

}  // namespace retake
