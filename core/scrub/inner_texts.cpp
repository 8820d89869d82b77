#include "scrub/inner_texts.h"

#include <cstdint>
#include <optional>

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

bool isHex(char c) { return hexValue(c) >= 0; }

}  // namespace

bool holdsJsonEscape(std::string_view text) {
  // Escapes stand in a string, which is in an object or a list; no control character but blanks is in these.
  const auto isControl = [](char c) {
    return static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  };
  enum { kBefore, kInDocument, kInString } state = kBefore;
  for (std::size_t at = 0;;) {
    const std::size_t escape = text.find('\\', at);
    if (escape == std::string_view::npos) return false;
    std::string_view before = text.substr(at, escape - at);
    std::size_t begin = before.size();
    while (begin > 0 && !isControl(before[begin - 1])) --begin;
    if (begin > 0) state = kBefore;
    before.remove_prefix(begin);
    if (state == kBefore)
      if (const std::size_t opening = before.find_first_of("{["); opening != std::string_view::npos) {
        before.remove_prefix(opening);
        state = kInDocument;
      }
    if (state == kInDocument && before.find('"') != std::string_view::npos) state = kInString;
    if (state == kInString) return true;
    at = escape + 1;
  }
}

bool holdsUrlEscape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at > 2 && isHex(text[at + 1]) && isHex(text[at + 2])) return true;
  return false;
}

void addUnescapedUrl(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '%' && text.size() - at > 2 && isHex(text[at + 1]) && isHex(text[at + 2])) {
      out += static_cast<char>(hexValue(text[at + 1]) << 4 | hexValue(text[at + 2]));
      at += 3;
    } else {
      out += text[at++];
    }
  }
}

void addUnescapedJson(std::string_view text, std::string& out) {
  const auto unitAt = [&](std::size_t at) -> std::optional<std::uint32_t> {
    if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    std::uint32_t unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      if (!isHex(text[i])) return std::nullopt;
      unit = unit << 4 | static_cast<std::uint32_t>(hexValue(text[i]));
    }
    return unit;
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at++];
    } else if (const auto unit = unitAt(at)) {
      at += 6;
      std::uint32_t codePoint = *unit;
      if (codePoint >= 0xd800 && codePoint <= 0xdbff && at < text.size())
        if (const auto low = unitAt(at); low && *low >= 0xdc00 && *low <= 0xdfff) {
          codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (*low - 0xdc00);
          at += 6;
        }
      appendUtf8(out, codePoint);
    } else {
      constexpr std::string_view kEscapes = "bfnrt";
      constexpr std::string_view kMeanings = "\b\f\n\r\t";
      const std::size_t known = kEscapes.find(text[at + 1]);
      out += known == std::string_view::npos ? text[at + 1] : kMeanings[known];
      at += 2;
    }
  }
}

}  // namespace retake
