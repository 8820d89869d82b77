#include "base/utf8.h"

#include <cstdint>

namespace retake {

bool isValidUtf8(ByteView text) {
  const auto byteAt = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = byteAt(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i < length) return false;
    std::uint32_t rune = lead & (0xffu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      if ((byteAt(i + k) & 0xc0) != 0x80) return false;
      rune = rune << 6 | (byteAt(i + k) & 0x3fu);
    }
    const bool overlong = (length == 3 && rune < 0x800) || (length == 4 && rune < 0x10000);
    if (overlong || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return false;
    i += length;
  }
  return true;
}

}  // namespace retake
