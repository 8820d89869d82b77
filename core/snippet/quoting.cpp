#include "snippet/quoting.h"

#include <algorithm>

#include "base/hex.h"

namespace retake {
namespace {

bool isPlain(char c) { return c >= 0x20 && c <= 0x7e; }

// \xNN, of two digits always: in Go and Python no more are read.
std::string hexEscape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', kHexDigits[byte >> 4u], kHexDigits[byte & 15u]};
}

// \NNN, of three digits always: in C++ a \x takes as many as follow.
std::string octalEscape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', static_cast<char>('0' + (byte >> 6u)), static_cast<char>('0' + (byte >> 3u & 7u)),
          static_cast<char>('0' + (byte & 7u))};
}

template <typename Escape>
std::string inQuotes(std::string_view bytes, const Escape& escape) {
  std::string out = "\"";
  for (const char c : bytes) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (isPlain(c))
      out += c;
    else
      out += escape(c);
  }
  return out + "\"";
}

}  // namespace

std::string shellWord(std::string_view text) {
  const auto needsNone = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./:@%+,-").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), needsNone)) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

std::string cppString(std::string_view bytes) {
  std::string out = inQuotes(bytes, octalEscape);
  // Trigraphs: "??/" was a backslash once, and still warns.
  for (std::size_t at = 0; (at = out.find("??", at)) != std::string::npos; at += 2)
    out.replace(at, 2, "?\\?");
  if (bytes.find('\0') == std::string_view::npos) return out;
  return "std::string(" + out + ", " + std::to_string(bytes.size()) + ")";
}

std::string goString(std::string_view bytes) { return inQuotes(bytes, hexEscape); }

std::string pythonBytes(std::string_view bytes) { return "b" + inQuotes(bytes, hexEscape); }

std::string pythonText(std::string_view utf8) {
  const bool ascii = std::all_of(utf8.begin(), utf8.end(), [](char c) { return c > 0 && c < 0x7f; });
  return ascii ? inQuotes(utf8, hexEscape) : pythonBytes(utf8) + ".decode()";
}

std::string inComment(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !isPlain(c); }, '?');
  return out;
}

}  // namespace retake
