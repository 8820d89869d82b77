#pragma once

#include <string>
#include <string_view>

#include "scrub/inner_texts.h"

namespace retake {

// Adds what base64 and hexadecimal digits in `text` stand for, as far as it may hold any of the texts that
// are asked for, '\0' behind each stretch. Of base64 without a certain begin: from each of the four
// characters where a group may begin. More than the walk (value_walk.h) reads there, never less.
void addEncodedTexts(std::string_view text, const InnerTexts& texts, std::string& out);

}  // namespace retake
