#include "scrub/inner_texts.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

bool isHex(char c) { return hexValue(c) >= 0; }

bool isUrlEscape(std::string_view text, std::size_t at) {
  return text[at] == '%' && text.size() - at > 2 && isHex(text[at + 1]) && isHex(text[at + 2]);
}

std::size_t nextUrlEscape(std::string_view text, std::size_t at) {
  at = text.find('%', at);
  while (at != text.npos && !isUrlEscape(text, at)) at = text.find('%', at + 1);
  return at;
}

void unescapeUrl(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    if (isUrlEscape(text, at)) {
      out += static_cast<char>(hexValue(text[at + 1]) << 4 | hexValue(text[at + 2]));
      at += 3;
    } else {
      out += text[at++];
    }
  }
}

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

bool holdsUrlEscape(std::string_view text) { return nextUrlEscape(text, 0) != std::string_view::npos; }

void addUnescapedUrl(std::string_view text, std::size_t most, std::string& out) {
  unescapeUrl(text, out);
  const auto byteAt = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  // What is none of it is no text: it ends there at the latest.
  const auto addAlone = [&](std::size_t from, std::size_t length) {
    const std::string_view alone = text.substr(from, length);
    out += '\0';
    unescapeUrl(alone.substr(0, validUtf8(alone)), out);
  };
  for (std::size_t at = nextUrlEscape(text, 0); at != text.npos && out.size() <= most;
       at = nextUrlEscape(text, at + 1)) {
    // Texts come one by one out of what was encoded, behind NULs: a tag in front of the length has gone.
    if (at == 0 || text[at - 1] == '\0') {
      const std::size_t end = std::min(text.find('\0', at), text.size());
      addAlone(at + 1, end - at - 1);
      addAlone(at + 2, end - at - 2);
      continue;
    }
    std::size_t length = '%';
    // Behind a tag; one that says so, or of several bytes.
    if ((byteAt(at - 1) & 7u) == 2 || (at > 1 && byteAt(at - 2) >= 0x80)) addAlone(at + 1, length);
    // The end of a length of several bytes, or of a tag, which a length follows.
    for (std::size_t i = at; i > 0 && at - i < 4 && byteAt(i - 1) >= 0x80; --i) {
      length = length << 7 | (byteAt(i - 1) & 0x7fu);
      addAlone(at + 1, length);
      if (i == at) addAlone(at + 2, byteAt(at + 1));
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
