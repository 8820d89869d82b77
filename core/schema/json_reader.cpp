#include "schema/json_reader.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <unordered_set>

#include "base/hex.h"
#include "schema/text.h"

namespace retake {
namespace {

// Twice protobuf's 100, since a list of messages is two levels of JSON; and well within any stack.
constexpr int kMaxJsonDepth = 200;

bool isWord(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// The four digits behind "\u" at `i`; -1 when they are none.
int hexUnit(std::string_view text, std::size_t i) {
  if (text.size() < i + 4) return -1;
  int unit = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const int digit = hexValue(text[i + k]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

class JsonTextReader {
 public:
  JsonTextReader(std::string_view text, JsonProblem& problem) : m_text(text), m_problem(problem) {}

  std::optional<JsonValue> run() {
    if (const std::size_t valid = validUtf8(m_text); valid != m_text.size()) {
      fail(valid, "expected UTF-8, found a byte that is none");
      return std::nullopt;
    }
    JsonValue value;
    skipSpace();
    if (m_at == m_text.size()) {
      fail(m_at, "expected a JSON object, found nothing");
      return std::nullopt;
    }
    if (!read(value, 0)) return std::nullopt;
    skipSpace();
    if (m_at < m_text.size()) {
      fail(m_at, "expected the end, found " + here() + " behind the value");
      return std::nullopt;
    }
    return value;
  }

 private:
  bool fail(std::size_t offset, std::string message) {
    m_problem.offset = offset;
    m_problem.message = std::move(message);
    m_problem.path = m_path;
    return false;
  }

  char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

  void skipSpace() {
    while (m_at < m_text.size() && (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r'))
      ++m_at;
  }

  // What stands at the cursor, for complaints.
  std::string here() const {
    if (m_at >= m_text.size()) return "the end";
    if (m_text.substr(m_at, 2) == "//" || m_text.substr(m_at, 2) == "/*")
      return "a comment, which JSON does not have";
    if (peek() == '\'') return "a single quote; JSON strings stand in double quotes";
    std::size_t end = m_at;
    while (end < m_text.size() && isWord(m_text[end])) ++end;
    if (end == m_at) end += 1;
    const std::string_view word = m_text.substr(m_at, end - m_at);
    return word == "\"" ? "a string" : "\"" + std::string(utf8Prefix(word, 40)) + "\"";
  }

  bool read(JsonValue& value, int depth) {
    if (depth > kMaxJsonDepth) return fail(m_at, "expected at most 200 levels of nesting, found more");
    value.offset = m_at;
    switch (peek()) {
      case '{':
        return readObject(value, depth);
      case '[':
        return readArray(value, depth);
      case '"':
        value.kind = JsonValue::Kind::String;
        return readString(value.text, value.escaped);
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
        return readNumber(value);
      default:
        return readWord(value);
    }
  }

  bool readWord(JsonValue& value) {
    std::size_t end = m_at;
    while (end < m_text.size() && isWord(m_text[end])) ++end;
    const std::string_view word = m_text.substr(m_at, end - m_at);
    if (word == "null") {
      value.kind = JsonValue::Kind::Null;
    } else if (word == "true") {
      value.kind = JsonValue::Kind::True;
    } else if (word == "false") {
      value.kind = JsonValue::Kind::False;
    } else if (word == "NaN" || word == "Infinity") {
      return fail(m_at, "expected a value, found " + std::string(word) + "; it stands in quotes in JSON");
    } else if (word.empty()) {
      return fail(m_at, "expected a value, found " + here());
    } else {
      return fail(m_at, "expected a value, found " + here() + "; strings stand in double quotes");
    }
    value.text = word;
    m_at = end;
    return true;
  }

  bool readNumber(JsonValue& value) {
    value.kind = JsonValue::Kind::Number;
    const std::size_t begin = m_at;
    if (peek() == '-') ++m_at;
    if (m_text.substr(m_at, 8) == "Infinity")
      return fail(begin, "expected a value, found -Infinity; it stands in quotes in JSON");
    const auto digits = [this] {
      const std::size_t from = m_at;
      while (absl::ascii_isdigit(peek())) ++m_at;
      return m_at > from;
    };
    const std::size_t whole = m_at;
    if (!digits()) return fail(m_at, "expected a digit, found " + here());
    if (m_text[whole] == '0' && m_at - whole > 1)
      return fail(whole, "expected a number without leading zeros");
    if (peek() == '.') {
      ++m_at;
      if (!digits()) return fail(m_at, "expected a digit behind the decimal point, found " + here());
    }
    if (peek() == 'e' || peek() == 'E') {
      ++m_at;
      if (peek() == '+' || peek() == '-') ++m_at;
      if (!digits()) return fail(m_at, "expected a digit in the exponent, found " + here());
    }
    if (isWord(peek()) || peek() == '.') return fail(m_at, "expected the end of the number, found " + here());
    value.text = m_text.substr(begin, m_at - begin);
    return true;
  }

  bool readString(std::string_view& content, bool& escaped) {
    const std::size_t quote = m_at++;
    const std::size_t begin = m_at;
    for (;;) {
      if (m_at >= m_text.size()) return fail(quote, "a string begins here and has no closing quote");
      const auto c = static_cast<unsigned char>(m_text[m_at]);
      if (c == '"') break;
      if (c == '\n' || c == '\r')
        return fail(quote, "a string begins here and has no closing quote on its line");
      if (c < 0x20)
        return fail(m_at, "expected control characters in a string as \\u escapes, found one as it is");
      if (c == '\\') {
        escaped = true;
        if (!readEscape()) return false;
      } else {
        ++m_at;
      }
    }
    content = m_text.substr(begin, m_at - begin);
    ++m_at;
    return true;
  }

  bool readEscape() {
    const std::size_t backslash = m_at++;
    const char c = peek();
    ++m_at;
    if (c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return true;
    if (c != 'u')
      return fail(backslash,
                  "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX, found another escape");
    const int unit = hexUnit(m_text, m_at);
    if (unit < 0) return fail(backslash, "expected four hexadecimal digits behind \\u");
    m_at += 4;
    if (unit < 0xd800 || unit > 0xdfff) return true;
    const int low = m_text.substr(m_at, 2) == "\\u" ? hexUnit(m_text, m_at + 2) : -1;
    if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff)
      return fail(backslash, "expected a pair of surrogates such as \\ud83d\\ude00, found half of one");
    m_at += 6;
    return true;
  }

  bool readArray(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::Array;
    ++m_at;
    const std::size_t pathLength = m_path.size();
    skipSpace();
    if (peek() == ']') return ++m_at, true;
    for (;;) {
      m_path += "[" + std::to_string(value.items.size()) + "]";
      if (!read(value.items.emplace_back(), depth + 1)) return false;
      m_path.resize(pathLength);
      skipSpace();
      if (peek() == ']') return ++m_at, true;
      if (peek() != ',') {
        if (m_at >= m_text.size())
          return fail(value.offset, "a list begins here and is never closed by \"]\"");
        return fail(m_at, "expected a comma or \"]\", found " + here());
      }
      const std::size_t comma = m_at++;
      skipSpace();
      if (peek() == ']') return fail(comma, "expected no comma before the closing \"]\"");
    }
  }

  // Whether the last member's key is that of an earlier one.
  static bool isRepeated(const std::vector<JsonMember>& members, std::unordered_set<std::string>& keys) {
    constexpr std::size_t kFew = 12;
    if (members.size() <= kFew)
      return std::any_of(members.begin(), members.end() - 1,
                         [&](const JsonMember& other) { return other.key == members.back().key; });
    if (keys.empty())
      for (std::size_t i = 0; i < kFew; ++i) keys.insert(members[i].key);
    return !keys.insert(members.back().key).second;
  }

  bool readObject(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::Object;
    ++m_at;
    const std::size_t pathLength = m_path.size();
    std::unordered_set<std::string> keys;  // of large objects alone
    skipSpace();
    if (peek() == '}') return ++m_at, true;
    for (;;) {
      JsonMember& member = value.members.emplace_back();
      member.offset = m_at;
      if (peek() != '"') {
        if (m_at >= m_text.size())
          return fail(value.offset, "an object begins here and is never closed by \"}\"");
        return fail(m_at, "expected a field name in double quotes, found " + here());
      }
      JsonValue key;
      if (!readString(key.text, key.escaped)) return false;
      member.key = key.string();
      appendPathKey(m_path, member.key);
      if (isRepeated(value.members, keys)) return fail(member.offset, "the field stands here a second time");
      skipSpace();
      if (peek() != ':') return fail(m_at, "expected \":\" behind the field name, found " + here());
      ++m_at;
      skipSpace();
      if (!read(member.value, depth + 1)) return false;
      m_path.resize(pathLength);
      skipSpace();
      if (peek() == '}') return ++m_at, true;
      if (peek() != ',') {
        if (m_at >= m_text.size())
          return fail(value.offset, "an object begins here and is never closed by \"}\"");
        return fail(m_at, "expected a comma or \"}\", found " + here());
      }
      const std::size_t comma = m_at++;
      skipSpace();
      if (peek() == '}') return fail(comma, "expected no comma before the closing \"}\"");
    }
  }

  std::string_view m_text;
  JsonProblem& m_problem;
  std::size_t m_at = 0;
  std::string m_path;
};

}  // namespace

std::string JsonValue::string() const {
  if (!escaped) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u': {
        auto codePoint = static_cast<std::uint32_t>(hexUnit(text, i + 1));
        i += 4;
        if (codePoint >= 0xd800 && codePoint <= 0xdbff) {
          const auto low = static_cast<std::uint32_t>(hexUnit(text, i + 3));
          codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (low - 0xdc00);
          i += 6;
        }
        appendUtf8(out, codePoint);
        break;
      }
      default:
        out += c;
    }
  }
  return out;
}

std::string JsonValue::found() const {
  switch (kind) {
    case Kind::Object:
      return "an object";
    case Kind::Array:
      return "a list";
    case Kind::String: {
      const std::string_view shown = utf8Prefix(text, 60);
      return "\"" + std::string(shown) + (shown.size() < text.size() ? "…\"" : "\"");
    }
    default:
      return std::string(utf8Prefix(text, 60));
  }
}

std::optional<JsonValue> readJson(std::string_view text, JsonProblem& problem) {
  auto value = JsonTextReader(text, problem).run();
  if (!value) locate(problem, text);
  return value;
}

void appendPathKey(std::string& path, std::string_view key) {
  const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return isWord(c) || c == ':';  // "1:string" is a name in wire JSON
  });
  if (plain) {
    if (!path.empty()) path += '.';
    path += key;
    return;
  }
  path += '[';
  appendJsonString(path, key);
  path += ']';
}

void locate(JsonProblem& problem, std::string_view text) {
  problem.line = 1;
  problem.column = 1;
  const std::size_t end = std::min(problem.offset, text.size());
  for (std::size_t i = 0; i < end; ++i) {
    if (text[i] == '\n') {
      ++problem.line;
      problem.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++problem.column;
    }
  }
}

}  // namespace retake
