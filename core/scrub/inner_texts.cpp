#include "scrub/inner_texts.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

#include "base/hex.h"
#include "schema/text.h"
#include "scrub/base64_digits.h"
#include "scrub/encodings.h"

namespace retake {
namespace {

enum CharClass : std::uint8_t { kBase64Char = 1, kHexChar = 2, kAsciiChar = 4 };

constexpr std::array<std::uint8_t, 256> makeClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (digit || letter || c == '+' || c == '/' || c == '-' || c == '_') classes[c] |= kBase64Char;
    if (hex) classes[c] |= kHexChar;
    if ((c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r') classes[c] |= kAsciiChar;
  }
  return classes;
}
constexpr auto kClasses = makeClasses();

bool is(char c, CharClass what) { return (kClasses[static_cast<std::uint8_t>(c)] & what) != 0; }

bool are4(const char* four, CharClass what) {
  const auto at = [four](std::size_t i) { return kClasses[static_cast<std::uint8_t>(four[i])]; };
  return (at(0) & at(1) & at(2) & at(3) & what) != 0;
}

// The next stretch of characters of a class, of at least kLeast of them; empty at the end. Looks at every
// kLeast-th byte alone where there is none.
template <std::size_t kLeast, CharClass kWhat>
std::string_view nextRun(std::string_view text, std::size_t& at) {
  while (text.size() - at >= kLeast) {
    const std::size_t probe = at + kLeast - 1;
    if (!is(text[probe], kWhat)) {
      at = probe + 1;
      continue;
    }
    std::size_t begin = probe;
    while (begin > at && is(text[begin - 1], kWhat)) --begin;
    std::size_t end = probe + 1;
    while (text.size() - end >= 4 && are4(text.data() + end, kWhat)) end += 4;
    while (end < text.size() && is(text[end], kWhat)) ++end;
    at = end;
    if (end - begin >= kLeast) return text.substr(begin, end - begin);
  }
  at = text.size();
  return {};
}

bool isAscii(char c) { return is(c, kAsciiChar); }

// Adds the stretches of text among `bytes`.
void addTexts(ByteView bytes, std::string& out) {
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    if (end - begin >= kMinInnerText) {
      out.append(bytes, begin, end - begin);
      out += '\0';
    }
  };
  for (std::size_t at = 0; at < bytes.size();) {
    if (isAscii(bytes[at])) {
      ++at;
      continue;
    }
    const auto c = static_cast<std::uint8_t>(bytes[at]);
    const std::size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c >= 0xc2 && bytes.size() - at >= length && isUtf8(bytes.substr(at, length))) {
      at += length;
      continue;
    }
    finish(at);
    begin = ++at;
  }
  finish(bytes.size());
}

// Two digits of base64, one behind the other, hold a byte that begins with the first bit of the one, another
// that begins with its third, and another with its fifth: of a group that begins with the one, of the group
// that begins a character before, or two before.
enum Base64Part : std::uint8_t { kFirst, kSecond, kThird };

constexpr std::uint8_t byteOf(std::size_t pair, Base64Part part) {
  return static_cast<std::uint8_t>(pair >> (4 - 2 * static_cast<unsigned>(part)));
}

// By the two digits: a bit for each part that is ASCII.
constexpr auto kAsciiParts = [] {
  std::array<std::uint8_t, 64 * 64> parts{};
  for (std::size_t pair = 0; pair < parts.size(); ++pair)
    for (const Base64Part part : {kFirst, kSecond, kThird})
      if (kClasses[byteOf(pair, part)] & kAsciiChar) parts[pair] |= static_cast<std::uint8_t>(1u << part);
  return parts;
}();

// A byte within base64, by the character in which it begins. Groups may begin at any of four characters:
// bytes of the same `group` follow each other.
struct Base64Place {
  std::ptrdiff_t at;
  Base64Part part;

  std::size_t group() const { return static_cast<std::size_t>(at - part) & 3u; }
  void forth() {
    at += part == kThird ? 2 : 1;
    part = part == kThird ? kFirst : static_cast<Base64Part>(part + 1);
  }
  void back() {
    at -= part == kFirst ? 2 : 1;
    part = part == kFirst ? kThird : static_cast<Base64Part>(part - 1);
  }
};

class Base64Reader {
 public:
  Base64Reader(std::string_view run, const InnerTexts& texts, std::string& out)
      : m_run(run), m_texts(texts), m_out(out), m_last(static_cast<std::ptrdiff_t>(run.size()) - 1) {}

  // Eight characters at a time: where so many bytes of ASCII follow each other as any long enough text has.
  void read() {
    std::uint64_t here = eight(0);
    for (std::ptrdiff_t at = 0; at < m_last; at += 8) {
      const std::uint64_t behind = eight(at + 8);
      // By place and part, for each of the eight: whether that part, so many characters on, is ASCII. Bits
      // beyond the first of each byte are of no meaning.
      const auto is = [&](unsigned on, Base64Part part) {
        const std::uint64_t shifted = on == 0 ? here : here >> (8 * on) | behind << (64 - 8 * on);
        return shifted >> part;
      };
      std::uint64_t first = is(0, kFirst) & is(1, kSecond) & is(2, kThird);
      std::uint64_t second = is(0, kSecond) & is(1, kThird) & is(3, kFirst);
      std::uint64_t third = is(0, kThird) & is(2, kFirst) & is(3, kSecond);
      if (m_texts.least > 3) {
        first &= is(4, kFirst);
        second &= is(4, kSecond);
        third &= is(4, kThird);
      }
      if (m_texts.least > 4) {
        first &= is(5, kSecond);
        second &= is(5, kThird);
        third &= is(6, kFirst);
      }
      if (m_texts.least > 5) {
        first &= is(6, kThird);
        second &= is(7, kFirst);
        third &= is(7, kSecond);
      }
      if (((first | second | third) & kEach) != 0) {
        each(first, at, kFirst);
        each(second, at, kSecond);
        each(third, at, kThird);
      }
      here = behind;
    }
  }

 private:
  static constexpr std::uint64_t kEach = 0x0101010101010101u;

  std::uint8_t partsAt(std::size_t at) const {
    return kAsciiParts[std::size_t{base64Digit(m_run[at])} << 6 | base64Digit(m_run[at + 1])];
  }
  // A byte for each of eight characters; 0 where none is, or none follows.
  std::uint64_t eight(std::ptrdiff_t from) const {
    const std::ptrdiff_t count = std::min<std::ptrdiff_t>(8, m_last - from);
    std::uint64_t out = 0;
    if (count == 8) {
      const char* at = m_run.data() + from;
      std::size_t digit = base64Digit(*at);
      for (unsigned i = 0; i < 8; ++i) {
        const std::size_t behind = base64Digit(*++at);
        out |= std::uint64_t{kAsciiParts[digit << 6 | behind]} << (8 * i);
        digit = behind;
      }
      return out;
    }
    for (std::ptrdiff_t i = 0; i < count; ++i)
      out |= std::uint64_t{partsAt(static_cast<std::size_t>(from + i))} << (8 * i);
    return out;
  }

  void each(std::uint64_t found, std::ptrdiff_t at, Base64Part part) {
    for (found &= kEach; found != 0; found &= found - 1) add({at + std::countr_zero(found) / 8, part});
  }

  bool isIn(const Base64Place& place) const {
    return place.at >= 0 && place.at < m_last && place.at - place.part >= 0;
  }
  bool isAsciiAt(const Base64Place& place) const {
    return isIn(place) && (partsAt(static_cast<std::size_t>(place.at)) >> place.part & 1u) != 0;
  }
  char byteAt(const Base64Place& place) const {
    const auto at = static_cast<std::size_t>(place.at);
    const std::size_t pair = std::size_t{base64Digit(m_run[at])} << 6 | base64Digit(m_run[at + 1]);
    return static_cast<char>(byteOf(pair, place.part));
  }
  bool isTextAt(const Base64Place& place) const {
    return isAsciiAt(place) ||
           (m_texts.hasWide && isIn(place) && m_texts.wide[static_cast<std::uint8_t>(byteAt(place))]);
  }

  // The text about a place.
  void add(Base64Place begin) {
    std::ptrdiff_t& done = m_done[begin.group()];
    if (begin.at < done || !isIn(begin)) return;
    Base64Place end = begin;
    std::size_t length = 0;
    for (; isAsciiAt(end); end.forth()) ++length;
    done = end.at;
    const auto goBack = [&](const auto& is) {
      for (Base64Place before = begin; before.back(), is(before); begin = before) ++length;
    };
    goBack([&](const Base64Place& place) { return isAsciiAt(place); });
    if (length < m_texts.least) return;
    if (m_texts.hasWide) {
      for (; isTextAt(end); end.forth()) ++length;
      done = end.at;
      goBack([&](const Base64Place& place) { return isTextAt(place); });
    }
    std::size_t to = m_out.size();
    m_out.resize(to + length + 1);
    for (; length > 0; --length, begin.forth()) m_out[to++] = byteAt(begin);
  }

  std::string_view m_run;
  const InnerTexts& m_texts;
  std::string& m_out;
  std::ptrdiff_t m_last;                   // no byte begins here
  std::array<std::ptrdiff_t, 4> m_done{};  // by group: what lies before has been added
};

}  // namespace

void addBase64Texts(std::string_view run, const InnerTexts& texts, std::string& out) {
  if (texts.least >= kMinInnerText) {
    if (run.size() > 1) Base64Reader(run, texts, out).read();
    return;
  }
  std::string decoded;
  for (std::size_t skip = 0; skip < 4 && run.size() > skip; ++skip) {
    decodeBase64(run.substr(skip), decoded);
    addTexts(decoded, out);
  }
}

void addHexTexts(std::string_view run, std::string& out) {
  std::string decoded;
  for (std::size_t at = 0;;) {
    const std::string_view digits = nextRun<kMinHexRun, kHexChar>(run, at);
    if (digits.empty()) return;
    for (std::size_t skip = 0; skip < 2; ++skip) {
      decodeHex(digits.substr(skip), decoded);
      addTexts(decoded, out);
    }
  }
}

bool holdsJsonEscape(std::string_view text) {
  // Escapes stand in a string, which is in an object or a list; no control character but blanks is in these.
  const auto isControl = [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && !is(c, kAsciiChar); };
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
    if (text.size() - at > 2 && is(text[at + 1], kHexChar) && is(text[at + 2], kHexChar)) return true;
  return false;
}

void addUnescapedUrl(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '%' && text.size() - at > 2 && is(text[at + 1], kHexChar) && is(text[at + 2], kHexChar)) {
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
      if (!is(text[i], kHexChar)) return std::nullopt;
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
