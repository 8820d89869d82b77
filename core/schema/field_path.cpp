#include "schema/field_path.h"

#include <absl/strings/ascii.h>

#include <charconv>

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

constexpr std::uint32_t kMaxFieldNumber = (1u << 29) - 1;

// "-" and "$" for JSON names that somebody gave by hand; bytes of UTF-8 likewise.
bool isNameChar(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}
bool isTypeChar(char c) { return isNameChar(c) || c == '.'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : m_text(text) {}

  Result<FieldPath> parse() {
    FieldPath path;
    do {
      if (path.segments.size() == kMaxPathSegments)
        return expected("at most " + std::to_string(kMaxPathSegments) + " fields");
      auto segment = parseSegment();
      if (!segment) return segment.error();
      path.segments.push_back(*std::move(segment));
    } while (take('.'));
    if (m_at < m_text.size()) return expected("\".\" or the end");
    return path;
  }

 private:
  Error expected(std::string_view what) const {
    std::string found = "the end";
    if (m_at < m_text.size()) {
      std::size_t size = 1;
      while (m_at + size < m_text.size() &&
             (static_cast<unsigned char>(m_text[m_at + size]) & 0xc0u) == 0x80u)
        ++size;
      found = "\"" + std::string(m_text.substr(m_at, size)) + "\"";
    }
    return {"field path \"" + std::string(m_text) + "\": column " + std::to_string(m_at + 1) + ": expected " +
                std::string(what) + ", found " + found,
            m_at};
  }
  Error wrongAt(std::size_t at, std::string_view what) {
    m_at = at;
    return expected(what);
  }

  bool take(char c) {
    if (m_at == m_text.size() || m_text[m_at] != c) return false;
    ++m_at;
    return true;
  }
  bool isNext(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }
  template <typename IsPart>
  std::string_view takeWhile(const IsPart& isPart) {
    const std::size_t begin = m_at;
    while (m_at < m_text.size() && isPart(m_text[m_at])) ++m_at;
    return m_text.substr(begin, m_at - begin);
  }

  Result<PathSegment> parseSegment() {
    PathSegment segment;
    const std::size_t begin = m_at;
    if (take('*')) {
      segment.kind = take('*') ? PathSegment::Kind::AnyDepth : PathSegment::Kind::AnyField;
      if (segment.kind == PathSegment::Kind::AnyDepth) return segment;
    } else if (m_at < m_text.size() && absl::ascii_isdigit(m_text[m_at])) {
      const std::string_view digits = takeWhile(absl::ascii_isdigit);
      segment.kind = PathSegment::Kind::Number;
      const auto [end, failure] =
          std::from_chars(digits.data(), digits.data() + digits.size(), segment.number);
      if (failure != std::errc() || segment.number == 0 || segment.number > kMaxFieldNumber)
        return wrongAt(begin, "a field number from 1 to 536870911");
    } else if (take('[')) {
      const std::string_view name = takeWhile(isTypeChar);
      if (name.empty()) return expected("the full name of an extension");
      if (!take(']')) return expected("\"]\"");
      segment.name = "[" + std::string(name) + "]";
    } else {
      segment.name = takeWhile(isNameChar);
      if (segment.name.empty()) return expected("a field's name or number, \"*\" or \"**\"");
    }
    if (take('['))
      if (auto done = parseSubscript(segment); !done) return done.error();
    if (take('<')) {
      segment.anyType = takeWhile(isTypeChar);
      if (segment.anyType.empty()) return expected("the full name of a message type");
      if (!take('>')) return expected("\">\"");
    }
    return segment;
  }

  Result<void> parseSubscript(PathSegment& segment) {
    const std::size_t begin = m_at;
    if (take('*')) {
      segment.anyElement = true;
    } else if (take('"')) {
      auto key = parseKey();
      if (!key) return key.error();
      segment.key = *std::move(key);
    } else if (m_text.substr(m_at).starts_with("true") || m_text.substr(m_at).starts_with("false")) {
      segment.index = isNext('t') ? 1 : 0;
      m_at += isNext('t') ? 4 : 5;
    } else {
      const bool negative = take('-');
      const std::string_view digits = takeWhile(absl::ascii_isdigit);
      std::uint64_t value = 0;
      const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      constexpr auto kLowest = std::uint64_t{1} << 63;
      if (digits.empty())
        return negative ? expected("a number") : expected("a number, a key in quotes or \"*\"");
      if (failure != std::errc() || (negative && value > kLowest))
        return wrongAt(begin, "a number of 64 bits");
      segment.index = negative ? ~value + 1 : value;
    }
    if (!take(']')) return expected("\"]\"");
    return {};
  }

  // Behind the opening quote; takes the closing one.
  Result<std::string> parseKey() {
    std::string key;
    while (!take('"')) {
      if (m_at == m_text.size()) return expected("the key's closing quote");
      const char c = m_text[m_at++];
      if (c != '\\') {
        key += c;
        continue;
      }
      const std::size_t escape = m_at;
      const char kind = m_at < m_text.size() ? m_text[m_at++] : '\0';
      constexpr std::string_view kEscapes = "\"\\nrt";
      constexpr std::string_view kMeanings = "\"\\\n\r\t";
      if (const std::size_t at = kEscapes.find(kind); at != std::string_view::npos) {
        key += kMeanings[at];
      } else if (kind == 'x' && m_text.size() - m_at >= 2 && hexValue(m_text[m_at]) >= 0 &&
                 hexValue(m_text[m_at + 1]) >= 0) {
        key += static_cast<char>(hexValue(m_text[m_at]) * 16 + hexValue(m_text[m_at + 1]));
        m_at += 2;
      } else {
        return wrongAt(escape, "one of \\\" \\\\ \\n \\r \\t \\xNN");
      }
    }
    return key;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
};

// What is no UTF-8 is escaped whole: text for people goes through here.
std::string quotedKey(std::string_view key) {
  const bool asText = isUtf8(key);
  std::string out = "\"";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !asText)) {
      out += {'\\', 'x', kHexDigits[byte >> 4u], kHexDigits[byte & 15u]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void append(std::string& out, const PathSegment& segment) {
  switch (segment.kind) {
    case PathSegment::Kind::Name:
      out += segment.name;
      break;
    case PathSegment::Kind::Number:
      out += std::to_string(segment.number);
      break;
    case PathSegment::Kind::AnyField:
      out += '*';
      break;
    case PathSegment::Kind::AnyDepth:
      out += "**";
      return;
  }
  if (segment.anyElement) out += "[*]";
  if (segment.index) out += "[" + std::to_string(static_cast<std::int64_t>(*segment.index)) + "]";
  if (segment.key) out += "[" + quotedKey(*segment.key) + "]";
  if (!segment.anyType.empty()) out += "<" + segment.anyType + ">";
}

}  // namespace

Result<FieldPath> parseFieldPath(std::string_view text) { return Parser(text).parse(); }

std::string toString(const FieldPath& path) {
  std::string out;
  for (const PathSegment& segment : path.segments) {
    if (!out.empty()) out += '.';
    append(out, segment);
  }
  return out;
}

}  // namespace retake
