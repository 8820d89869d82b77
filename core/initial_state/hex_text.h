#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "initial_state/text_problem.h"

// Bytes as text of two digits a byte, and of four characters for three bytes, that a person edits.
namespace retake {

// Two digits a byte, a space between, sixteen a line with a wider gap in the middle.
std::string hexText(ByteView bytes);
// Blanks and line ends may stand anywhere but within a byte; "0x" may stand in front.
std::optional<TextProblem> readHex(std::string_view text, std::string& bytes);

// The plain or the URL-safe alphabet, padded or not; blanks and line ends may stand anywhere.
std::optional<TextProblem> readBase64(std::string_view text, std::string& bytes);

}  // namespace retake
