#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "scrub/base64_masks.h"

// Texts that are written in other forms (encodings.h), and escapes in a text as they are undone without a
// walk.
namespace retake {

// Bytes: shorter than what the walk takes for text among bytes, since a message that is written in base64
// holds texts of any length.
inline constexpr std::size_t kMinInnerText = 3;

// The texts that are asked for.
struct InnerTexts {
  // Each has at least so many characters of ASCII (printable, tabs, line ends) one after the other, as it is
  // and in any other form; 0: it may have none.
  std::size_t least = 0;
  // What these are, as they are and in any other form.
  AsciiSet characters = {};
  // Bytes from 0x80 on that may stand among these, where there are some.
  std::array<bool, 256> wide{};
  bool hasWide = false;
};

// The text without escapes. Of a message, also the texts whose length is '%': "%ab" is no escape where it is
// a length and the text's begin. Goes no further once `out` is longer than `most`.
void addUnescapedUrl(std::string_view text, std::size_t most, std::string& out);
void addUnescapedJson(std::string_view text, std::string& out);
// Whether there is any that is read.
bool holdsJsonEscape(std::string_view text);
bool holdsUrlEscape(std::string_view text);

}  // namespace retake
