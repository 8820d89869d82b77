#include "panes/hex_text.h"

namespace retake::gui {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string hexText(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 3 + bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out += i % 16 == 0 ? "\n" : i % 8 == 0 ? "  " : " ";
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Result<std::string> parseHexText(std::string_view text, HexPlace& place) {
  std::string out;
  int pending = -1;
  place = {};
  const auto where = [&place] {
    return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": ";
  };
  for (const char c : text) {
    if (isBlank(c)) {
      if (pending >= 0) return Error{where() + "expected the second digit of a byte, found a blank"};
      if (c == '\n') {
        ++place.line;
        place.column = 1;
        continue;
      }
    } else {
      const int value = digit(c);
      if (value < 0) return Error{where() + "expected a hexadecimal digit, found another character"};
      if (pending < 0) {
        pending = value;
      } else {
        out.push_back(static_cast<char>(pending << 4 | value));
        pending = -1;
      }
    }
    // Columns are characters: bytes that continue one do not count.
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++place.column;
  }
  if (pending >= 0) return Error{where() + "expected the second digit of a byte, found the end"};
  return out;
}

}  // namespace retake::gui
