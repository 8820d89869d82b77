#include "initial_state/json_layout.h"

#include "initial_state/text_problem.h"

namespace retake {
namespace {

// Behind the string that begins at `at`.
std::size_t endOfString(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return at < json.size() ? at + 1 : json.size();
}

}  // namespace

bool isCompactJson(std::string_view json) {
  if (json.ends_with('\n')) json.remove_suffix(1);
  for (std::size_t at = 0; at < json.size();) {
    if (isBlank(json[at])) return false;
    at = json[at] == '"' ? endOfString(json, at) : at + 1;
  }
  return true;
}

std::string compactJson(std::string_view json) {
  std::string out;
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t end = json[at] == '"' ? endOfString(json, at) : at + 1;
    if (!isBlank(json[at])) out += json.substr(at, end - at);
    at = end;
  }
  return out;
}

std::string indentedJson(std::string_view json) {
  const std::string compact = compactJson(json);
  const std::string_view text = compact;
  std::string out;
  std::size_t depth = 0;
  const auto newLine = [&] { out.append(1, '\n').append(2 * depth, ' '); };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t end = c == '"' ? endOfString(text, at) : at + 1;
    const char next = end < text.size() ? text[end] : '\0';
    if (c == '}' || c == ']') {
      --depth;
      newLine();
    }
    out += text.substr(at, end - at);
    at = end;
    if ((c == '{' && next == '}') || (c == '[' && next == ']')) {
      out += next;
      ++at;
    } else if (c == '{' || c == '[') {
      ++depth;
      newLine();
    } else if (c == ',') {
      newLine();
    } else if (c == ':') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace retake
