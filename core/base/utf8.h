#pragma once

#include "base/bytes.h"

namespace retake {

// True when `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms), which protobuf
// demands of a string.
bool isValidUtf8(ByteView text);

}  // namespace retake
