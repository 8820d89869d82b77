#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scrub/inner_texts.h"

namespace retake {

// The stretches of base64, and of hexadecimal digits, that may hold any of the texts. `text` outlives it.
class Base64Runs {
 public:
  Base64Runs(std::string_view text, const InnerTexts& texts);
  std::string_view next();  // empty at the end

 private:
  void look();

  std::string_view m_text;
  std::size_t m_leastText;   // bytes
  std::size_t m_least;       // characters
  std::size_t m_block = 0;   // where the 64 characters begin that are looked at
  std::size_t m_behind = 0;  // how many of them are done with then
  // Of each a bit, the lowest for the first.
  std::uint64_t m_digits = 0;  // what is base64
  std::uint64_t m_texts = 0;   // where a text may begin that has not been given
};

}  // namespace retake
