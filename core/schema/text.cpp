#include "schema/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/hex.h"

namespace retake {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint8_t at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

// Bytes of the character at `i`; 0 when there is none. Refuses overlong forms, surrogates, and what
// is above U+10FFFF.
std::size_t characterLength(std::string_view text, std::size_t i) {
  const std::uint8_t lead = at(text, i);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - i < length) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((at(text, i + k) & 0xc0) != 0x80) return 0;
  const std::uint8_t second = at(text, i + 1);
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) ||
      (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90))
    return 0;
  return length;
}

void appendEscape(std::string& out, std::uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHexDigits[(unit >> shift) & 15];
}

// Of a three-byte character: what an editor draws as something else than a character.
bool isInvisible(std::uint32_t codePoint) {
  return codePoint == 0x2028 || codePoint == 0x2029 || codePoint == 0xfeff ||
         (codePoint >= 0x202a && codePoint <= 0x202e) || (codePoint >= 0x2066 && codePoint <= 0x2069);
}

template <typename T>
std::string numberText(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

int base64Digit(char c) {
  if (c == '-') return 62;
  if (c == '_') return 63;
  const std::size_t found = kBase64.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t validUtf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t length = characterLength(text, i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

std::string_view utf8Prefix(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  // A character is four bytes at most; bytes that are no UTF-8 are cut anywhere.
  for (std::size_t end = limit; end > 0 && limit - end < 4; --end)
    if ((at(text, end) & 0xc0) != 0x80) return text.substr(0, end);
  return text.substr(0, limit);
}

bool isPrintable(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t c = at(text, i);
    if (c < 0x20 ? c != '\t' && c != '\n' && c != '\r' : c == 0x7f) return false;
    const std::size_t length = characterLength(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

void appendUtf8(std::string& out, std::uint32_t codePoint) {
  if (codePoint < 0x80) {
    out += static_cast<char>(codePoint);
    return;
  }
  const int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
  static constexpr std::array<std::uint32_t, 4> kLead = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(kLead[static_cast<std::size_t>(more)] | codePoint >> (6 * more));
  for (int shift = 6 * (more - 1); shift >= 0; shift -= 6)
    out += static_cast<char>(0x80 | ((codePoint >> shift) & 0x3f));
}

void appendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t c = at(text, i);
    switch (c) {
      case '"':
        out += "\\\"";
        continue;
      case '\\':
        out += "\\\\";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\r':
        out += "\\r";
        continue;
      case '\t':
        out += "\\t";
        continue;
      default:
        break;
    }
    if (c < 0x20 || c == 0x7f) {
      appendEscape(out, c);
    } else if (c == 0xc2 && i + 1 < text.size() && at(text, i + 1) < 0xa0) {
      appendEscape(out, at(text, ++i));
    } else if ((c == 0xe2 || c == 0xef) && i + 2 < text.size()) {
      const std::uint32_t codePoint =
          (c & 0xfu) << 12 | (at(text, i + 1) & 0x3fu) << 6 | (at(text, i + 2) & 0x3fu);
      if (isInvisible(codePoint)) {
        appendEscape(out, codePoint);
      } else {
        out += text.substr(i, 3);
      }
      i += 2;
    } else {
      out += static_cast<char>(c);
    }
  }
  out += '"';
}

std::string toBase64(ByteView bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? at(bytes, i + k) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= have ? kBase64[group >> (6 * (3 - k)) & 63] : '=';
  }
  return out;
}

std::optional<std::string> fromBase64(std::string_view text) {
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  const std::size_t rest = text.size() % 4;
  if (rest == 1 || (padding > 0 && (rest + padding) % 4 != 0)) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64Digit(c);
    if (digit < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count);
    }
  }
  return out;
}

std::string doubleText(double value) { return numberText(value); }
std::string floatText(float value) { return numberText(value); }

std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0u : 1u)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace retake
