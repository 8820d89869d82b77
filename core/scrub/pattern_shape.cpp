#include "scrub/pattern_shape.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace retake {
namespace {

using Bytes = std::array<bool, 256>;

// More says no more, and cannot overflow where repeats are nested.
constexpr std::size_t kMost = 4096;

bool isWide(char c) { return static_cast<std::uint8_t>(c) >= 0x80; }

void add(Bytes& to, char c) { to[static_cast<std::uint8_t>(c)] = true; }
void add(Bytes& to, std::uint8_t first, std::uint8_t last) {
  for (std::size_t c = first; c <= last; ++c) to[c] = true;
}
void addWide(Bytes& to) { add(to, 0x80, 0xff); }
void addAll(Bytes& to) { to.fill(true); }

// Of a class that has a letter of its own, as \d.
bool addNamed(Bytes& to, char name) {
  switch (name) {
    case 'd':
      add(to, '0', '9');
      return true;
    case 'w':
      add(to, '0', '9');
      add(to, 'a', 'z');
      add(to, 'A', 'Z');
      add(to, '_');
      return true;
    case 's':
      for (const char c : std::string_view("\t\n\f\r ")) add(to, c);
      return true;
    case 'D':
    case 'W':
    case 'S':
    case 'C':
      addAll(to);
      return true;
    default:
      return false;
  }
}

// Letters in both cases; U+212A and U+017F are other cases of k and s.
void addOtherCase(Bytes& to) {
  const bool hasWide = to[0xe2] || to[0xc5];
  if (to['k'] || to['K'] || to['s'] || to['S'])
    for (const char c : std::string_view("\u212a\u017f")) add(to, c);
  if (hasWide)
    for (const char c : std::string_view("kKsS")) add(to, c);
  for (std::size_t c = 'a'; c <= 'z'; ++c) to[c] = to[c - 0x20] = to[c] || to[c - 0x20];
}

class Parser {
 public:
  explicit Parser(std::string_view pattern) : m_text(pattern) {}

  std::optional<PatternShape> all() {
    PatternShape shape = alternatives();
    if (m_failed || m_at != m_text.size()) return std::nullopt;
    return shape;
  }

 private:
  bool atEnd() const { return m_failed || m_at >= m_text.size(); }
  bool isAt(std::string_view what) const { return m_text.substr(m_at, what.size()) == what; }
  bool take(std::string_view what) {
    if (!isAt(what)) return false;
    m_at += what.size();
    return true;
  }
  PatternShape fail() {
    m_failed = true;
    return {};
  }

  PatternShape alternatives() {
    PatternShape shape = sequence();
    while (!atEnd() && take("|")) {
      const PatternShape other = sequence();
      shape.least = std::min(shape.least, other.least);
      for (std::size_t c = 0; c < 256; ++c) {
        shape.holds[c] = shape.holds[c] || other.holds[c];
        shape.isInAll[c] = shape.isInAll[c] && other.isInAll[c];
      }
    }
    return shape;
  }

  PatternShape sequence() {
    PatternShape shape;
    while (!atEnd() && m_text[m_at] != '|' && m_text[m_at] != ')') {
      PatternShape next = one();
      repeat(next);
      shape.least = std::min(shape.least + next.least, kMost);
      for (std::size_t c = 0; c < 256; ++c) {
        shape.holds[c] = shape.holds[c] || next.holds[c];
        shape.isInAll[c] = shape.isInAll[c] || next.isInAll[c];
      }
    }
    return shape;
  }

  void repeat(PatternShape& shape) {
    while (!atEnd()) {
      std::size_t least = 1;
      if (take("*") || take("?"))
        least = 0;
      else if (const auto count = counted())
        least = *count;
      else if (!take("+"))
        return;
      take("?");
      shape.least = std::min(shape.least * least, kMost);
      if (least == 0) shape.isInAll.fill(false);
    }
  }

  // Behind what is nothing itself: then it is what stands before that repeats.
  bool isRepeated() const {
    return !atEnd() && std::string_view("*+?{").find(m_text[m_at]) != std::string_view::npos;
  }

  // The least of "{n}", "{n,}", "{n,m}"; anything else in braces is itself.
  std::optional<std::size_t> counted() {
    if (!isAt("{")) return std::nullopt;
    std::size_t at = m_at + 1;
    std::size_t least = 0;
    const auto digits = [&](std::size_t* value) {
      const std::size_t begin = at;
      for (; at < m_text.size() && absl::ascii_isdigit(m_text[at]); ++at)
        if (value) *value = std::min(*value * 10 + static_cast<std::size_t>(m_text[at] - '0'), kMost);
      return at > begin;
    };
    if (!digits(&least)) return std::nullopt;
    if (at < m_text.size() && m_text[at] == ',') {
      ++at;
      digits(nullptr);
    }
    if (at >= m_text.size() || m_text[at] != '}') return std::nullopt;
    m_at = at + 1;
    return least;
  }

  PatternShape ofBytes(const Bytes& bytes) const {
    PatternShape shape{.least = 1, .holds = bytes};
    if (m_anyCase) addOtherCase(shape.holds);
    return shape;
  }

  PatternShape literal(char c) const {
    PatternShape shape;
    if (isWide(c)) {
      addWide(shape.holds);
      shape = ofBytes(shape.holds);
    } else {
      add(shape.holds, c);
      shape = ofBytes(shape.holds);
      shape.isInAll[static_cast<std::uint8_t>(c)] = !m_anyCase || !absl::ascii_isalpha(c);
    }
    return shape;
  }
  // Of the character that begins here: one of more than one byte may have another case of fewer.
  PatternShape character() {
    const char c = m_text[m_at++];
    if (isWide(c))
      while (m_at < m_text.size() && (static_cast<std::uint8_t>(m_text[m_at]) & 0xc0u) == 0x80u) ++m_at;
    return literal(c);
  }

  PatternShape one() {
    switch (m_text[m_at]) {
      case '^':
      case '$':
        ++m_at;
        return {};
      case '.': {
        ++m_at;
        PatternShape any{.least = 1};
        addAll(any.holds);
        return any;
      }
      case '[':
        ++m_at;
        return characterClass();
      case '(':
        ++m_at;
        return group();
      case '\\':
        ++m_at;
        return escape();
      default:
        return character();
    }
  }

  PatternShape group() {
    const bool before = m_anyCase;
    if (take("?P<") || take("?<")) {
      m_at = m_text.find('>', m_at);
      if (m_at == std::string_view::npos) return fail();
      ++m_at;
    } else if (take("?")) {
      bool on = true;
      for (; !atEnd() && m_text[m_at] != ':' && m_text[m_at] != ')'; ++m_at) {
        const char flag = m_text[m_at];
        if (flag == '-')
          on = false;
        else if (flag == 'i')
          m_anyCase = on;
        else if (flag != 'm' && flag != 's' && flag != 'U')
          return fail();
      }
      // Flags without a group hold to the end of the one about them.
      if (take(")")) return isRepeated() ? fail() : PatternShape{};
      if (!take(":")) return fail();
    }
    PatternShape shape = alternatives();
    if (!take(")")) return fail();
    m_anyCase = before;
    return shape;
  }

  PatternShape escape() {
    if (atEnd()) return fail();
    const char kind = m_text[m_at++];
    Bytes named{};
    if (addNamed(named, kind)) return ofBytes(named);
    switch (kind) {
      case 'b':
      case 'B':
      case 'A':
      case 'z':
        return {};
      case 'Q': {
        // Of what repeats behind it, its last character alone repeats.
        PatternShape shape;
        while (!atEnd() && !take("\\E")) {
          shape.least = 1;
          const PatternShape next = character();
          for (std::size_t c = 0; c < 256; ++c) shape.holds[c] = shape.holds[c] || next.holds[c];
        }
        if (shape.least == 0 && isRepeated()) return fail();
        return shape;
      }
      case 'p':
      case 'P':
        if (take("{"))
          m_at = std::min(m_text.find('}', m_at), m_text.size() - 1);
        else if (atEnd())
          return fail();
        ++m_at;
        addAll(named);
        return ofBytes(named);
      default: {
        const auto c = escaped(kind);
        return c ? literal(*c) : fail();
      }
    }
  }

  // Of one character, behind the backslash and its first byte; any wide one for what is not ASCII.
  std::optional<char> escaped(char kind) {
    constexpr std::string_view kKinds = "aftnrv";
    constexpr std::string_view kMeanings = "\a\f\t\n\r\v";
    if (const std::size_t known = kKinds.find(kind); known != std::string_view::npos) return kMeanings[known];
    std::string_view digits;
    int base = 16;
    if (kind == 'x' && take("{")) {
      const std::size_t end = m_text.find('}', m_at);
      if (end == std::string_view::npos) return std::nullopt;
      digits = m_text.substr(m_at, end - m_at);
      m_at = end + 1;
    } else if (kind == 'x') {
      digits = m_text.substr(m_at, 2);
      m_at += digits.size();
    } else if (absl::ascii_isdigit(kind)) {
      base = 8;
      std::size_t end = m_at;
      while (end < m_text.size() && end < m_at + 2 && absl::ascii_isdigit(m_text[end])) ++end;
      digits = m_text.substr(m_at - 1, end - m_at + 1);
      m_at = end;
    } else if (absl::ascii_isalpha(kind)) {
      return std::nullopt;
    } else {
      if (isWide(kind)) --m_at, character();
      return kind;
    }
    int value = 0;
    for (const char c : digits) {
      const int digit = absl::ascii_isdigit(c)   ? c - '0'
                        : absl::ascii_isalpha(c) ? (c | 0x20) - 'a' + 10
                                                 : base;
      if (digit >= base) return std::nullopt;
      value = std::min(value * base + digit, 0x80);
    }
    return digits.empty() ? std::nullopt : std::optional(static_cast<char>(value));
  }

  PatternShape characterClass() {
    Bytes bytes{};
    const bool negated = take("^");
    for (bool first = true; first || !isAt("]"); first = false) {
      if (atEnd()) return fail();
      if (take("[:")) {
        if (isAt("^")) addAll(bytes);
        m_at = m_text.find(":]", m_at);
        if (m_at == std::string_view::npos) return fail();
        m_at += 2;
        add(bytes, 0, 0x7f);
        continue;
      }
      if (isAt("\\") && m_at + 1 < m_text.size()) {
        const char kind = m_text[m_at + 1];
        if (addNamed(bytes, kind)) {
          m_at += 2;
          continue;
        }
        if (kind == 'p' || kind == 'P') {
          m_at += 1;
          escape();
          addAll(bytes);
          continue;
        }
      }
      const auto from = ofClass();
      if (!from) return fail();
      auto to = from;
      if (isAt("-") && !isAt("-]")) {
        ++m_at;
        if (atEnd() || !(to = ofClass())) return fail();
      }
      const bool wide = isWide(*to);
      if (!isWide(*from))
        add(bytes, static_cast<std::uint8_t>(*from),
            wide ? std::uint8_t{0x7f} : static_cast<std::uint8_t>(*to));
      if (wide) addWide(bytes);
    }
    ++m_at;
    if (negated) addAll(bytes);
    return ofBytes(bytes);
  }
  std::optional<char> ofClass() {
    const char c = m_text[m_at];
    if (c == '\\') {
      if (m_at + 1 >= m_text.size()) return std::nullopt;
      m_at += 2;
      return escaped(m_text[m_at - 1]);
    }
    character();
    return c;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  bool m_anyCase = false;
  bool m_failed = false;
};

}  // namespace

bool PatternShape::isAscii() const {
  return std::find(holds.begin() + 0x80, holds.end(), true) == holds.end();
}

std::size_t PatternShape::kinds() const {
  return static_cast<std::size_t>(std::count(holds.begin(), holds.end(), true));
}

PatternShape shapeOf(std::string_view pattern) {
  if (auto shape = Parser(pattern).all()) return *shape;
  PatternShape any;
  addAll(any.holds);
  return any;
}

}  // namespace retake
