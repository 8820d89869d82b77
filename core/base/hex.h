#pragma once

#include <string_view>

namespace retake {

inline constexpr std::string_view kHexDigits = "0123456789abcdef";

// -1 for what is no hexadecimal digit.
constexpr int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace retake
