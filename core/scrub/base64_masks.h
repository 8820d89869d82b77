#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace retake {

// A set of characters of ASCII, as a vector instruction looks them up: by the lower half of a byte, a bit for
// each value of the upper half.
struct AsciiSet {
  std::array<std::uint8_t, 16> byLowerHalf{};

  void add(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) byLowerHalf[byte & 15u] |= static_cast<std::uint8_t>(1u << (byte >> 4u));
  }
  bool contains(std::uint8_t byte) const {
    return byte < 0x80 && (byLowerHalf[byte & 15u] >> (byte >> 4u) & 1u) != 0;
  }
};

// Of 64 characters, a bit for each, the lowest for the first.
struct Base64Chars {
  std::uint64_t digits = 0;  // of base64, in either alphabet
  std::uint64_t hex = 0;
};
Base64Chars base64Chars(const char* text);

// A digit of base64 and the next one hold a byte that begins with the first bit of the one, another that
// begins with its third, and another with its fifth: of a group that begins with the one, of the group that
// begins a character before, or two before.
enum Base64Part : std::uint8_t { kFirst, kSecond, kThird };
// Of 64 characters, by part: which begin a byte that is in the set. Tells it of `wanted` at least. Reads the
// character behind them, too. What is said of characters that are no digits, or have none behind them, means
// nothing.
using Base64Bytes = std::array<std::uint64_t, 3>;
Base64Bytes base64Bytes(const char* text, const AsciiSet& set, std::uint64_t wanted);
// Which begin a byte that may be ASCII: whose first bit is 0. The same of all else.
Base64Bytes base64AsciiBytes(const char* text, std::uint64_t wanted);

// The same, without what not every processor has.
Base64Chars base64CharsOneByOne(const char* text);
Base64Bytes base64BytesOneByOne(const char* text, const AsciiSet& set);
Base64Bytes base64AsciiBytesOneByOne(const char* text);

}  // namespace retake
