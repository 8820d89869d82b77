#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// Bytes as hexadecimal text that a person edits.
namespace retake::gui {

// Two digits a byte, a space between, sixteen a line with a wider gap in the middle.
std::string hexText(std::string_view bytes);

struct HexPlace {
  int line = 1;
  int column = 1;
};

// Blanks and line ends may stand anywhere but within a byte. An Error says what is no hexadecimal;
// then `place` is where.
Result<std::string> parseHexText(std::string_view text, HexPlace& place);

}  // namespace retake::gui
