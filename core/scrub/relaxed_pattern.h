#pragma once

#include <string>
#include <string_view>

namespace retake {

// A pattern (RE2) without what it asks of the text around a match: ^ $ \A \z \b \B. Wherever the pattern
// matches in a text, this one matches the same bytes in anything that holds them.
std::string withoutAnchors(std::string_view pattern);

}  // namespace retake
