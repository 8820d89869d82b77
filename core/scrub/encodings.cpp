#include "scrub/encodings.h"

#include <algorithm>
#include <array>

#include "base/hex.h"
#include "schema/text.h"
#include "schema/wire_guess.h"
#include "scrub/base64_digits.h"

namespace retake {
namespace {

constexpr std::array<std::uint8_t, 256> makeHexDigits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0') + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    digits[static_cast<std::size_t>('a') + i] = static_cast<std::uint8_t>(10 + i);
    digits[static_cast<std::size_t>('A') + i] = static_cast<std::uint8_t>(10 + i);
  }
  return digits;
}
constexpr auto kHexValues = makeHexDigits();

std::uint8_t hexDigit(char c) { return kHexValues[static_cast<std::uint8_t>(c)]; }

template <typename IsPart>
std::vector<TextSpan> runs(std::string_view text, std::size_t atLeast, const IsPart& isPart) {
  std::vector<TextSpan> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && isPart(text[at])) ++at;
    if (at - begin >= atLeast) out.push_back({begin, at - begin});
    ++at;
  }
  return out;
}

bool isEscape(std::string_view text, std::size_t at) {
  return text[at] == '%' && text.size() - at > 2 && hexDigit(text[at + 1]) != kNoDigit &&
         hexDigit(text[at + 2]) != kNoDigit;
}

char byteOf(char high, char low) { return static_cast<char>(hexDigit(high) << 4 | hexDigit(low)); }

// RFC 3986, and "*", which forms leave as it is.
bool isUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '*';
}

// Bytes of the printable character at `i`; 0 where there is none.
std::size_t printableLength(ByteView bytes, std::size_t i) {
  const auto c = static_cast<std::uint8_t>(bytes[i]);
  if (c < 0x80) return c >= 0x20 ? (c == 0x7f ? 0 : 1) : (c == '\t' || c == '\n' || c == '\r');
  const std::size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
  if (bytes.size() - i < length) return 0;
  return isPrintable(bytes.substr(i, length)) ? length : 0;
}

}  // namespace

std::vector<TextSpan> base64Runs(std::string_view text) {
  return runs(text, kMinBase64Run, [](char c) { return base64Digit(c) != kNoDigit; });
}

std::vector<TextSpan> hexRuns(std::string_view text) {
  return runs(text, kMinHexRun, [](char c) { return hexDigit(c) != kNoDigit; });
}

std::vector<TextSpan> escapedRuns(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return {};
  std::vector<TextSpan> words = runs(text, 3, [](char c) {
    return static_cast<std::uint8_t>(c) > 0x20 && c != '"' && c != '\'' && c != '<' && c != '>' && c != '`';
  });
  std::erase_if(words, [&](const TextSpan& word) {
    for (std::size_t at = word.offset; at < word.offset + word.length; ++at)
      if (isEscape(text.substr(0, word.offset + word.length), at)) return false;
    return true;
  });
  return words;
}

std::vector<TextSpan> textRuns(ByteView bytes, std::size_t atLeast) {
  std::vector<TextSpan> out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t begin = at;
    while (at < bytes.size()) {
      const std::size_t length = printableLength(bytes, at);
      if (length == 0) break;
      at += length;
    }
    if (at - begin >= atLeast) out.push_back({begin, at - begin});
    ++at;
  }
  return out;
}

void decodeBase64(std::string_view text, std::string& out) {
  const std::size_t rest = text.size() % 4;
  out.resize(text.size() / 4 * 3 + (rest > 0 ? rest - 1 : 0));
  std::size_t to = 0;
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    const std::uint32_t group = static_cast<std::uint32_t>(base64Digit(text[at])) << 18 |
                                static_cast<std::uint32_t>(base64Digit(text[at + 1])) << 12 |
                                static_cast<std::uint32_t>(base64Digit(text[at + 2])) << 6 |
                                static_cast<std::uint32_t>(base64Digit(text[at + 3]));
    out[to++] = static_cast<char>(group >> 16);
    out[to++] = static_cast<char>(group >> 8);
    out[to++] = static_cast<char>(group);
  }
  if (rest >= 2) out[to++] = static_cast<char>(base64Digit(text[at]) << 2 | base64Digit(text[at + 1]) >> 4);
  if (rest == 3)
    out[to++] = static_cast<char>(base64Digit(text[at + 1]) << 4 | base64Digit(text[at + 2]) >> 2);
}

std::string encodeBase64(ByteView bytes, bool urlSafe) {
  const std::string_view alphabet = urlSafe ? kUrlSafeBase64 : kPlainBase64;
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<std::uint8_t>(c);
    for (count += 8; count >= 6; count -= 6) out += alphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) out += alphabet[bits << (6 - count) & 63];
  return out;
}

void decodeHex(std::string_view digits, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at + 2 <= digits.size(); at += 2) out += byteOf(digits[at], digits[at + 1]);
}

std::string encodeHex(ByteView bytes, bool upperCase) {
  const std::string_view digits = upperCase ? "0123456789ABCDEF" : kHexDigits;
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<std::uint8_t>(c) >> 4];
    out += digits[static_cast<std::uint8_t>(c) & 15];
  }
  return out;
}

bool holdsMessage(ByteView bytes) {
  return !bytes.empty() && guessPayload(std::span(&bytes, 1)) == Guess::Message;
}

Decoded decodeUrl(std::string_view text) {
  Decoded out;
  for (std::size_t at = 0; at < text.size();) {
    const bool escape = isEscape(text, at);
    out.at.push_back(at);
    out.text += escape ? byteOf(text[at + 1], text[at + 2]) : text[at];
    at += escape ? 3 : 1;
  }
  out.at.push_back(text.size());
  return out;
}

Decoded decodeJsonString(std::string_view text) {
  Decoded out;
  const auto unit = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 4 | hexDigit(text[at + i]);
    return value;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (text[at] != '\\') {
      out.text += text[at++];
    } else {
      const char kind = text[at + 1];
      at += 2;
      constexpr std::string_view kEscapes = "bfnrt";
      constexpr std::string_view kMeanings = "\b\f\n\r\t";
      if (kind == 'u') {
        std::uint32_t codePoint = unit(at);
        at += 4;
        if (codePoint >= 0xd800 && codePoint <= 0xdbff) {
          codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
          at += 6;
        }
        appendUtf8(out.text, codePoint);
      } else {
        const std::size_t known = kEscapes.find(kind);
        out.text += known == std::string_view::npos ? kind : kMeanings[known];
      }
    }
    out.at.resize(out.text.size(), begin);
  }
  out.at.push_back(text.size());
  return out;
}

std::string encodeUrl(std::string_view text, std::string_view plain) {
  std::string out;
  for (const char c : text) {
    if (isUnreserved(c) || plain.find(c) != std::string_view::npos)
      out += c;
    else
      out += '%' + encodeHex({&c, 1}, true);
  }
  return out;
}

std::string encodeJsonString(std::string_view text) {
  std::string out;
  appendJsonString(out, text);
  return out.substr(1, out.size() - 2);
}

std::vector<TextEdit> editsOfBase64(const std::vector<TextEdit>& edits, ByteView decoded, bool urlSafe) {
  std::vector<TextEdit> out;
  for (std::size_t i = 0; i < edits.size();) {
    const std::size_t begin = edits[i].offset / 3 * 3;
    std::size_t at = begin;
    std::string text;
    std::size_t end = begin;
    do {
      const TextEdit& edit = edits[i];
      text += decoded.substr(at, edit.offset - at);
      text += edit.text;
      at = edit.offset + edit.length;
      end = std::min(decoded.size(), (at + 2) / 3 * 3);
    } while (++i < edits.size() && edits[i].offset < end);
    if (end < decoded.size() || end % 3 == 0)
      while ((text.size() + end - at) % 3 != 0) text += ' ';
    text += decoded.substr(at, end - at);
    const std::size_t endChar = end % 3 == 0 ? end / 3 * 4 : end / 3 * 4 + end % 3 + 1;
    out.push_back({begin / 3 * 4, endChar - begin / 3 * 4, encodeBase64(text, urlSafe)});
  }
  return out;
}

}  // namespace retake
