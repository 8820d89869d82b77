#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// The two alphabets of base64 in RFC 4648.
namespace retake {

inline constexpr std::string_view kPlainBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kUrlSafeBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::uint8_t kNoDigit = 0xff;

// By character of either alphabet.
inline constexpr auto kBase64Digits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 64; ++i) {
    digits[static_cast<std::uint8_t>(kPlainBase64[i])] = i;
    digits[static_cast<std::uint8_t>(kUrlSafeBase64[i])] = i;
  }
  return digits;
}();

inline std::uint8_t base64Digit(char c) { return kBase64Digits[static_cast<std::uint8_t>(c)]; }

}  // namespace retake
