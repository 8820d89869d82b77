#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace retake {

// Why a text that a person typed stands for no bytes: the sentence without its place, and the place.
struct TextProblem {
  std::string message;
  std::uint32_t line = 1;
  std::uint32_t column = 1;  // in characters (code points)
};

// "line 1, column 5: expected a hexadecimal digit, found "g"".
std::string describe(const TextProblem& problem);

// The problem at a byte of the text.
TextProblem problemAt(std::string_view text, std::size_t offset, std::string message);
// What a sentence says was found there: a character in quotes, "the end", "byte 0x01".
std::string foundAt(std::string_view text, std::size_t offset);

// Blanks, tabs and line ends: what may stand around what is typed.
inline bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isBlank(std::string_view text);

}  // namespace retake
