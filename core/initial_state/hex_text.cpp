#include "initial_state/hex_text.h"

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

bool isBase64Digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

}  // namespace

std::string hexText(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() * 3 + bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out += i % 16 == 0 ? "\n" : i % 8 == 0 ? "  " : " ";
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

std::optional<TextProblem> readHex(std::string_view text, std::string& bytes) {
  bytes.clear();
  std::size_t at = 0;
  while (at < text.size() && isBlank(text[at])) ++at;
  if (text.substr(at).starts_with("0x") || text.substr(at).starts_with("0X")) at += 2;
  int pending = -1;
  for (; at < text.size(); ++at) {
    if (pending < 0 && isBlank(text[at])) continue;
    const int value = hexValue(text[at]);
    if (value < 0)
      return problemAt(text, at,
                       (pending < 0 ? "expected a hexadecimal digit, found "
                                    : "expected the second digit of a byte, found ") +
                           foundAt(text, at));
    if (pending >= 0) bytes += static_cast<char>(pending << 4 | value);
    pending = pending < 0 ? value : -1;
  }
  if (pending >= 0) return problemAt(text, at, "expected the second digit of a byte, found the end");
  return std::nullopt;
}

std::optional<TextProblem> readBase64(std::string_view text, std::string& bytes) {
  std::string digits;
  std::size_t padding = std::string_view::npos;  // where it begins
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (isBlank(c)) continue;
    if (c == '=' && !digits.empty()) {
      if (padding == std::string_view::npos) padding = at;
    } else if (padding != std::string_view::npos) {
      return problemAt(text, at, "expected the end behind the padding, found " + foundAt(text, at));
    } else if (!isBase64Digit(c)) {
      return problemAt(text, at, "expected a base64 character, found " + foundAt(text, at));
    }
    digits += c;
  }
  if (auto read = fromBase64(digits)) {
    bytes = *std::move(read);
    return std::nullopt;
  }
  if (padding != std::string_view::npos)
    return problemAt(text, padding,
                     "expected padding to a multiple of 4 characters, found " +
                         std::to_string(digits.size()) + " with it");
  return problemAt(text, text.size(),
                   "expected another base64 character, found the end: one alone is no whole byte");
}

}  // namespace retake
