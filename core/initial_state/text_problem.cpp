#include "initial_state/text_problem.h"

#include <algorithm>
#include <cstdio>

#include "schema/json_reader.h"
#include "schema/text.h"

namespace retake {

std::string describe(const TextProblem& problem) {
  return "line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) + ": " +
         problem.message;
}

TextProblem problemAt(std::string_view text, std::size_t offset, std::string message) {
  JsonProblem place{.message = {}, .offset = offset, .path = {}};
  locate(place, text);
  return {std::move(message), place.line, place.column};
}

std::string foundAt(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "the end";
  const auto byte = static_cast<unsigned char>(text[offset]);
  if (byte == '\n' || byte == '\r') return "a line end";
  if (byte == ' ' || byte == '\t') return "a blank";
  const std::size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  const std::string_view character = text.substr(offset, length);
  if (isPrintable(character)) return '"' + std::string(character) + '"';
  char hex[16];
  std::snprintf(hex, sizeof hex, "byte 0x%02x", static_cast<unsigned>(byte));
  return hex;
}

bool isBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return isBlank(c); });
}

}  // namespace retake
