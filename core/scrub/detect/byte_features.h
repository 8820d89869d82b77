#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace retake {

// What a glance at bytes tells, before any regular expression: what of it there is somewhere. Hardly
// ever misses (a text within the bytes has what they have), and is often wrong.
struct ByteFeatures {
  bool digits = false;  // six digits or more, with a separator between some of them at most
  bool address =
      false;            // numbers with three dots between, hexadecimal ones with three colons or two in a row
  bool token = false;   // letters and digits mixed for 16 bytes or more, also base64 or hexadecimal
  bool escape = false;  // a percent sign, two hexadecimal digits

  bool any() const { return digits || address || token || escape; }
};

// With `firstOnly` whichever comes first, and no more.
ByteFeatures byteFeatures(ByteView bytes, bool firstOnly = false);

}  // namespace retake
