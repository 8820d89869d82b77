#include <array>

#include "base/hex.h"
#include "filter/query_values.h"

namespace retake {
namespace {

using Op = ValueTest::Op;

bool isTypeChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}
struct OpName {
  std::string_view text;
  Op op;
  bool negated;
};
// The longer ones first.
constexpr std::array<OpName, 9> kOps = {{{"!=", Op::Equals, true},
                                         {"!~", Op::Matches, true},
                                         {"<=", Op::LessOrEqual, false},
                                         {">=", Op::GreaterOrEqual, false},
                                         {"<", Op::Less, false},
                                         {">", Op::Greater, false},
                                         {"=", Op::Equals, false},
                                         {"~", Op::Matches, false},
                                         {":", Op::Contains, false}}};

}  // namespace

std::string sentence(std::size_t at, std::string_view what) {
  return "filter: column " + std::to_string(at + 1) + ": " + std::string(what);
}

std::optional<QueryReader::FoundOp> QueryReader::opAt(std::size_t at) const {
  for (const OpName& known : kOps)
    if (at <= m_text.size() && m_text.substr(at).starts_with(known.text))
      return FoundOp{known.op, known.negated, known.op == Op::Contains, known.text.size(), at};
  return std::nullopt;
}

bool QueryReader::beginsPath(std::size_t at) const {
  for (const std::string_view side : {"req.", "resp.", "msg."})
    if (equalsIgnoringCase(m_text.substr(at, side.size()), side))
      return queryField(m_text.substr(at, endOfPath(at + side.size()) - at)) == nullptr;
  return false;
}

std::size_t QueryReader::endOfName(std::size_t at) const {
  for (const std::string_view side : {"req.", "resp.", "msg."})
    if (equalsIgnoringCase(m_text.substr(at, side.size()), side)) return endOfPath(at + side.size());
  while (at < m_text.size() && !isSpace(m_text[at]) &&
         std::string_view("()|\"").find(m_text[at]) == std::string_view::npos && !opAt(at))
    ++at;
  return at;
}

// Of a field path: quotes in a subscript may hold anything, and "<" is an operator but before a type.
std::size_t QueryReader::endOfPath(std::size_t at) const {
  while (at < m_text.size()) {
    const char c = m_text[at];
    if (c == '[') {
      std::size_t end = at + 1;
      bool inQuotes = false;
      while (end < m_text.size() && (inQuotes || m_text[end] != ']')) {
        if (m_text[end] == '"') inQuotes = !inQuotes;
        if (inQuotes && m_text[end] == '\\') ++end;
        ++end;
      }
      if (end >= m_text.size()) return m_text.size();
      at = end + 1;
    } else if (c == '<') {
      std::size_t end = at + 1;
      while (end < m_text.size() && isTypeChar(m_text[end])) ++end;
      const bool isType = end > at + 1 && end < m_text.size() && m_text[end] == '>' &&
                          (m_text[at + 1] < '0' || m_text[at + 1] > '9') &&
                          (m_text.substr(end + 1, 1) == "." || opAt(end + 1));
      if (!isType) return at;
      at = end + 1;
    } else if (isSpace(c) || std::string_view("()|\"").find(c) != std::string_view::npos || opAt(at)) {
      return at;
    } else {
      ++at;
    }
  }
  return at;
}

bool QueryReader::endsValue(std::size_t at) const {
  return at >= m_text.size() || isSpace(m_text[at]) ||
         std::string_view(")|,").find(m_text[at]) != std::string_view::npos;
}

// Behind the closing slash, before a "c". "/shop.v1.Cart/Add" is no regex: something follows its slash.
std::optional<std::size_t> QueryReader::endOfRegex(std::size_t at) const {
  if (at >= m_text.size() || m_text[at] != '/') return std::nullopt;
  bool inClass = false;
  for (std::size_t i = at + 1; i < m_text.size(); ++i) {
    const char c = m_text[i];
    if (c == '\\') {
      ++i;
    } else if (c == '[') {
      if (m_lastBracket == std::string_view::npos || i > m_lastBracket) return std::nullopt;  // never closed
      inClass = true;
    } else if (c == ']') {
      inClass = false;
    } else if (c == '/' && !inClass) {
      const bool ends = i > at + 1 && (endsValue(i + 1) || (m_text[i + 1] == 'c' && endsValue(i + 2)));
      return ends ? std::optional(i + 1) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool QueryReader::regexAt(std::size_t at) const { return endOfRegex(at).has_value(); }

Result<QueryValue> QueryReader::quotedText(std::size_t& at) const {
  QueryValue value{.at = at, .text = {}, .quoted = true};
  const std::size_t begin = at++;
  while (at < m_text.size() && m_text[at] != '"') {
    const char c = m_text[at++];
    if (c != '\\') {
      value.text += c;
      continue;
    }
    constexpr std::string_view kEscapes = "\"\\nrt";
    constexpr std::string_view kMeanings = "\"\\\n\r\t";
    const char kind = at < m_text.size() ? m_text[at++] : '\0';
    const std::size_t meaning = kEscapes.find(kind);
    if (meaning != std::string_view::npos) {
      value.text += kMeanings[meaning];
    } else if (kind == 'x' && m_text.size() - at >= 2 && hexValue(m_text[at]) >= 0 &&
               hexValue(m_text[at + 1]) >= 0) {
      value.text += static_cast<char>(hexValue(m_text[at]) * 16 + hexValue(m_text[at + 1]));
      at += 2;
    } else {
      const std::size_t escape = at - (kind == '\0' ? 1 : 2);
      return Error{
          sentence(escape, "expected one of \\\" \\\\ \\n \\r \\t and \\xNN, found " + found(escape)),
          escape};
    }
  }
  if (at >= m_text.size())
    return Error{sentence(begin, "expected a closing quote for this one, found the end"), begin};
  ++at;
  return value;
}

Result<QueryValue> QueryReader::value(std::size_t& at, bool inList) const {
  if (at < m_text.size() && m_text[at] == '"') return quotedText(at);
  QueryValue value{.at = at, .text = {}};
  if (const auto end = endOfRegex(at)) {
    value.isRegex = true;
    for (std::size_t i = at + 1; i + 1 < *end; ++i) {
      if (m_text[i] == '\\' && m_text[i + 1] == '/') ++i;
      value.text += m_text[i];
      if (m_text[i] == '\\') value.text += m_text[++i];
    }
    at = *end;
    value.caseMatters = at < m_text.size() && m_text[at] == 'c';
    if (value.caseMatters) ++at;
    return value;
  }
  while (at < m_text.size() && !isSpace(m_text[at]) &&
         std::string_view("()|\"").find(m_text[at]) == std::string_view::npos &&
         !(inList && m_text[at] == ','))
    value.text += m_text[at++];
  if (value.text.empty()) {
    std::string what = "expected a value, found " + found(at);
    if (at < m_text.size() && m_text[at] == '(')
      what += "; a text with parentheses goes in quotes, a regular expression between slashes";
    return Error{sentence(at, what), at};
  }
  return value;
}

Result<std::vector<QueryValue>> QueryReader::values(std::size_t& at, bool isList) const {
  std::vector<QueryValue> all;
  for (;;) {
    auto one = value(at, isList);
    if (!one) return one.error();
    all.push_back(*std::move(one));
    if (!isList || at >= m_text.size() || m_text[at] != ',') return all;
    ++at;
  }
}

std::string QueryReader::found(std::size_t at) const {
  if (at >= m_text.size()) return "the end";
  constexpr std::size_t kShown = 32;
  std::size_t end = at;
  while (end < m_text.size() && end - at < kShown && !isSpace(m_text[end])) ++end;
  if (end == at) return "a space";
  while (end < m_text.size() && (static_cast<unsigned char>(m_text[end]) & 0xc0u) == 0x80u) ++end;
  return "\"" + std::string(m_text.substr(at, end - at)) + "\"";
}

}  // namespace retake
