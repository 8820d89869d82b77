#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"

// What may be text in bytes that are written in base64, hex, or escapes: more than the walk (value_walk.h)
// reads there, never less, and in a fraction of the time.
namespace retake {

// Bytes: shorter than what the walk takes for text among bytes, since a message that is written in base64
// holds texts of any length.
inline constexpr std::size_t kMinInnerText = 3;

// The texts that are asked for.
struct InnerTexts {
  // Each has at least so many characters of ASCII (printable, tabs, line ends) one after the other, as it is
  // and in any other form; 0: it may have none.
  std::size_t least = 0;
  // Bytes from 0x80 on that may stand among these, where there are some.
  std::array<bool, 256> wide{};
  bool hasWide = false;
};

// Adds them, '\0' behind each. Of base64 without a certain begin: from each of the four characters where a
// group may begin.
void addBase64Texts(std::string_view run, const InnerTexts& texts, std::string& out);
// Of all hexadecimal digits in the run, whichever texts are asked for.
void addHexTexts(std::string_view run, std::string& out);

// The text without escapes.
void addUnescapedUrl(std::string_view text, std::string& out);
void addUnescapedJson(std::string_view text, std::string& out);
// Whether there is any that is read.
bool holdsJsonEscape(std::string_view text);
bool holdsUrlEscape(std::string_view text);

}  // namespace retake
