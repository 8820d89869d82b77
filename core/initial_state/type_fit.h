#pragma once

#include "base/bytes.h"

namespace google::protobuf {
class Descriptor;
}

namespace retake {

// Whether `type` has each field that stands in these bytes, with a value that it can have: of a wire type
// that it is written with, text in UTF-8, an enum's number declared, and so on for what lies within. Only
// looks at descriptors: asking it of thousands of types is cheap.
bool fitsType(ByteView bytes, const google::protobuf::Descriptor& type, int depth = 0);

}  // namespace retake
