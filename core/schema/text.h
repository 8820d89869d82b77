#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

// Text as JSON, trees and previews need it. All lengths are bytes.
namespace retake {

// How many bytes of `text` are valid UTF-8: its size when all of them are.
std::size_t validUtf8(std::string_view text);
inline bool isUtf8(std::string_view text) { return validUtf8(text) == text.size(); }
// The longest beginning of `text` of at most `limit` bytes that cuts no character in two.
std::string_view utf8Prefix(std::string_view text, std::size_t limit);
// Valid UTF-8 without control characters but tab and line ends: what a person takes for text.
bool isPrintable(std::string_view text);

void appendUtf8(std::string& out, std::uint32_t codePoint);

// In quotes. `text` is valid UTF-8. Escapes what JSON must, and what an editor cannot show:
// control characters, line separators, marks that turn the direction of writing.
void appendJsonString(std::string& out, std::string_view text);

std::string toBase64(ByteView bytes);
// Takes the alphabets of RFC 4648 (plain and URL-safe), padded or not; empty for anything else.
std::optional<std::string> fromBase64(std::string_view text);

// The shortest decimal that reads back as the same number; "NaN", "Infinity", "-Infinity".
std::string doubleText(double value);
std::string floatText(float value);

// The number of edits (insert, delete, replace, swap neighbours) between two names, case ignored.
std::size_t editDistance(std::string_view a, std::string_view b);

}  // namespace retake
