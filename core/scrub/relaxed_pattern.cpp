#include "scrub/relaxed_pattern.h"

#include <algorithm>

namespace retake {
namespace {

constexpr std::string_view kNothing = "(?:)";

// Behind the class whose bracket opens at `at`.
std::size_t behindClass(std::string_view pattern, std::size_t at) {
  ++at;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;
  while (at < pattern.size() && pattern[at] != ']') {
    if (pattern[at] == '\\') {
      at += 2;
    } else if (pattern.substr(at, 2) == "[:") {
      const std::size_t end = pattern.find(":]", at + 2);
      at = end == std::string_view::npos ? at + 1 : end + 2;
    } else {
      ++at;
    }
  }
  return std::min(at + 1, pattern.size());
}

}  // namespace

std::string withoutAnchors(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    std::size_t end = at + 1;
    if (c == '^' || c == '$') {
      out += kNothing;
      at = end;
      continue;
    }
    if (c == '[') {
      end = behindClass(pattern, at);
    } else if (c == '\\' && at + 1 < pattern.size()) {
      const char kind = pattern[at + 1];
      end = at + 2;
      if (kind == 'Q') {
        const std::size_t close = pattern.find("\\E", end);
        end = close == std::string_view::npos ? pattern.size() : close + 2;
      } else if (kind == 'b' || kind == 'B' || kind == 'A' || kind == 'z') {
        out += kNothing;
        at = end;
        continue;
      }
    }
    out += pattern.substr(at, end - at);
    at = end;
  }
  return out;
}

}  // namespace retake
