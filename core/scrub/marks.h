#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// What scrubbing leaves in a text, by its shape alone: no key is needed. A pattern must not match inside.
namespace retake {

inline constexpr std::string_view kRedacted = "[scrubbed]";
// Of hash tokens: "scrubbed-" and kTokenSymbols of kTokenAlphabet.
inline constexpr std::string_view kTokenPrefix = "scrubbed-";
inline constexpr std::size_t kTokenSymbols = 32;
inline constexpr std::string_view kTokenAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const TextRange&) const = default;
};

// Where "[scrubbed]" and hash tokens stand, in their order.
std::vector<TextRange> scrubMarks(std::string_view text);
// Whether all of `text` is one.
bool isScrubMark(std::string_view text);

}  // namespace retake
