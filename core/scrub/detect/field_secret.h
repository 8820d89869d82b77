#pragma once

#include <string_view>

#include "scrub/detect/shape.h"

namespace retake {

// What stands where a secret is, and is none: a rule's mark, "****", "<password>", "${TOKEN}", "null".
bool isPlaceholder(std::string_view value);
// A field's name says that it holds a secret, and the value may well be one.
bool isSecretOfField(std::string_view value, const TextContext& place);

}  // namespace retake
