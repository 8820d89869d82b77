#include "scrub/detect/byte_features.h"

#include <array>

namespace retake {
namespace {

enum Bit : std::uint8_t {
  kDigit = 1,
  kUpper = 2,
  kLower = 4,
  kHex = 8,
  kTokenMark = 16,  // what base64, its URL-safe form and padding have besides
  kSeparator = 32,  // within a number that people write
  kColon = 64,
  kLetter = kUpper | kLower,
  kClass = kDigit | kUpper | kLower
};

constexpr std::array<std::uint8_t, 256> makeBits() {
  std::array<std::uint8_t, 256> bits{};
  for (unsigned c = '0'; c <= '9'; ++c) bits[c] = kDigit | kHex;
  for (unsigned c = 'A'; c <= 'Z'; ++c) bits[c] = static_cast<std::uint8_t>(kUpper | (c <= 'F' ? kHex : 0));
  for (unsigned c = 'a'; c <= 'z'; ++c) bits[c] = static_cast<std::uint8_t>(kLower | (c <= 'f' ? kHex : 0));
  for (const char c : {'+', '/', '-', '_', '='}) bits[static_cast<unsigned char>(c)] |= kTokenMark;
  for (const char c : {' ', '.', '(', ')', '-', '/', '+'}) bits[static_cast<unsigned char>(c)] |= kSeparator;
  bits[':'] |= kColon;
  return bits;
}
constexpr auto kBits = makeBits();

constexpr unsigned kMinDigits = 6;
constexpr unsigned kMinToken = 16;
constexpr unsigned kMinHexToken = 16;

// Prose, mostly: without digits, capitals, colons and percent signs there is no feature. Of short tokens
// without a prefix one in some ten thousand begins with so many small letters that it passes for prose.
constexpr std::size_t kBlock = 32;
bool isPlain(const char* block) {
  unsigned found = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto c = static_cast<unsigned char>(block[i]);
    found |= static_cast<unsigned>(static_cast<unsigned char>(c - '0') <= ':' - '0') |
             static_cast<unsigned>(static_cast<unsigned char>(c - 'A') <= 'Z' - 'A') |
             static_cast<unsigned>(c == '%');
  }
  return found == 0;
}

}  // namespace

ByteFeatures byteFeatures(ByteView bytes, bool firstOnly) {
  ByteFeatures found;
  unsigned digits = 0;      // in the number that stands here
  unsigned separators = 0;  // since its last digit
  unsigned dots = 0;        // single ones, in that number
  unsigned colons = 0;      // in the run of hexadecimal digits that stands here
  bool colonBefore = false;
  unsigned run = 0;     // of token bytes
  unsigned hexRun = 0;  // of hexadecimal digits
  // How lively the run is of late: a change between classes weighs four bytes that follow their like.
  unsigned changes = 0;
  std::uint8_t last = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % kBlock == 0 && bytes.size() - i >= kBlock && isPlain(bytes.data() + i)) {
      digits = separators = dots = colons = run = hexRun = changes = 0;
      colonBefore = false;
      last = 0;
      i += kBlock - 1;
      continue;
    }
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const std::uint8_t bits = kBits[byte];
    if (bits == 0) {
      digits = separators = dots = colons = run = hexRun = changes = 0;
      colonBefore = false;
      last = 0;
      if (byte == '%' && bytes.size() - i > 2 && (kBits[static_cast<unsigned char>(bytes[i + 1])] & kHex) &&
          (kBits[static_cast<unsigned char>(bytes[i + 2])] & kHex))
        found.escape = true;
      if (firstOnly && found.escape) return found;
      continue;
    }
    if (bits & kDigit) {
      ++digits;
      separators = 0;
      if (digits >= kMinDigits) found.digits = true;
    } else if (bits & kSeparator) {
      if (byte == '.' && separators == 0 && digits > 0 && ++dots >= 3) found.address = true;
      if (++separators > 2) digits = dots = 0;
    } else {
      digits = dots = separators = 0;
    }
    if (bits & kColon) {
      if (++colons >= 3 || colonBefore) found.address = true;
      colonBefore = true;
    } else {
      colonBefore = false;
      if (!(bits & kHex)) colons = 0;
    }
    if (bits & (kClass | kTokenMark)) {
      ++run;
      hexRun = bits & kHex ? hexRun + 1 : 0;
      const std::uint8_t now = bits & kClass;
      if (now != last && now != 0 && last != 0)
        changes += 4;
      else if (changes > 0)
        --changes;
      if (now != 0) last = now;
      if (run >= kMinToken && (changes >= 8 || hexRun >= kMinHexToken)) found.token = true;
    } else {
      run = hexRun = changes = 0;
      last = 0;
    }
    if (firstOnly && found.any()) return found;
  }
  return found;
}

}  // namespace retake
