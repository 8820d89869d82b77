#include "scrub/base64_masks.h"

#ifdef __x86_64__
#include <tmmintrin.h>
#endif

#include "base/hex.h"
#include "scrub/base64_digits.h"

namespace retake {

Base64Chars base64CharsOneByOne(const char* text) {
  Base64Chars chars;
  for (unsigned i = 0; i < 64; ++i) {
    chars.digits |= std::uint64_t{base64Digit(text[i]) != kNoDigit} << i;
    chars.hex |= std::uint64_t{hexValue(text[i]) >= 0} << i;
  }
  return chars;
}

Base64Bytes base64BytesOneByOne(const char* text, const AsciiSet& set) {
  Base64Bytes bytes{};
  for (unsigned i = 0; i < 64; ++i) {
    const unsigned pair = unsigned{base64Digit(text[i])} << 6 | base64Digit(text[i + 1]);
    for (const unsigned part : {kFirst, kSecond, kThird})
      bytes[part] |= std::uint64_t{set.contains(static_cast<std::uint8_t>(pair >> (4 - 2 * part)))} << i;
  }
  return bytes;
}

Base64Bytes base64AsciiBytesOneByOne(const char* text) {
  Base64Bytes bytes{};
  for (unsigned i = 0; i < 64; ++i)
    for (const unsigned part : {kFirst, kSecond, kThird})
      bytes[part] |= std::uint64_t{(base64Digit(text[i]) >> (5 - 2 * part) & 1u) == 0} << i;
  return bytes;
}

#ifdef __x86_64__
namespace {

#define RETAKE_SSSE3 __attribute__((target("ssse3")))

const bool kHasSsse3 = __builtin_cpu_supports("ssse3");

RETAKE_SSSE3 inline __m128i table(const std::array<std::uint8_t, 16>& of) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(of.data()));
}

RETAKE_SSSE3 inline __m128i charsAt(const char* text) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
}

RETAKE_SSSE3 inline __m128i upperHalves(__m128i bytes) {
  return _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));
}

RETAKE_SSSE3 inline std::uint64_t notZero(__m128i bytes) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()))) ^ 0xffffu;
}

// Rows of ASCII that have the same digits share a bit: + - /, 0 to 9, A to O and a to o, P to Z and _, p to
// z; the last one is for A to F and a to f.
enum Row : std::uint8_t {
  kSigns = 1,
  kNumbers = 2,
  kLetters = 4,
  kMoreUpper = 8,
  kMoreLower = 16,
  kHexLetters = 32
};
constexpr std::array<std::uint8_t, 16> kRowsOfUpperHalf{
    0, 0, kSigns, kNumbers, kLetters | kHexLetters, kMoreUpper, kLetters | kHexLetters, kMoreLower};
constexpr auto kRowsOfLowerHalf = [] {
  std::array<std::uint8_t, 16> rows{};
  for (unsigned half = 0; half < 16; ++half) {
    unsigned all = 0;
    if (half == 11 || half == 13 || half == 15) all |= kSigns;
    if (half <= 9) all |= kNumbers;
    if (half >= 1) all |= kLetters;
    if (half <= 10 || half == 15) all |= kMoreUpper;
    if (half <= 10) all |= kMoreLower;
    if (half >= 1 && half <= 6) all |= kHexLetters;
    rows[half] = static_cast<std::uint8_t>(all);
  }
  return rows;
}();

RETAKE_SSSE3 Base64Chars charsBySixteen(const char* text) {
  Base64Chars chars;
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i c = charsAt(text + i);
    const __m128i rows = _mm_and_si128(_mm_shuffle_epi8(table(kRowsOfLowerHalf), c),
                                       _mm_shuffle_epi8(table(kRowsOfUpperHalf), upperHalves(c)));
    chars.digits |= notZero(rows) << i;
    chars.hex |= notZero(_mm_and_si128(rows, _mm_set1_epi8(kNumbers | kHexLetters))) << i;
  }
  return chars;
}

// From a character to its digit, by its upper half: right for + and all that is no sign.
constexpr auto kToDigit = [] {
  std::array<std::uint8_t, 16> more{};
  more[2] = static_cast<std::uint8_t>(62 - '+');
  more[3] = static_cast<std::uint8_t>(52 - '0');
  more[4] = more[5] = static_cast<std::uint8_t>(0 - 'A');
  more[6] = more[7] = static_cast<std::uint8_t>(26 - 'a');
  return more;
}();

RETAKE_SSSE3 inline __m128i digitsAt(const char* text) {
  const __m128i c = charsAt(text);
  const auto where = [&](char sign, char more) {
    return _mm_and_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8(sign)), _mm_set1_epi8(more));
  };
  const __m128i digits = _mm_add_epi8(c, _mm_shuffle_epi8(table(kToDigit), upperHalves(c)));
  const __m128i signs = _mm_or_si128(_mm_or_si128(where('-', -2), where('/', -3)), where('_', 33));
  return _mm_and_si128(_mm_add_epi8(digits, signs), _mm_set1_epi8(63));
}

RETAKE_SSSE3 Base64Bytes bytesBySixteen(const char* text, const AsciiSet& set, std::uint64_t wanted) {
  const __m128i lower = table(set.byLowerHalf);
  const __m128i upper = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, static_cast<char>(128), 0, 0, 0, 0, 0, 0, 0, 0);
  Base64Bytes bytes{};
  const auto add = [&](Base64Part part, __m128i values, unsigned i) RETAKE_SSSE3 {
    const __m128i found =
        _mm_and_si128(_mm_shuffle_epi8(lower, values), _mm_shuffle_epi8(upper, upperHalves(values)));
    bytes[part] |= notZero(found) << i;
  };
  for (unsigned i = 0; i < 64; i += 16) {
    if ((wanted >> i & 0xffffu) == 0) continue;
    const __m128i digits = digitsAt(text + i);
    const __m128i next = digitsAt(text + i + 1);
    // Shifts are of sixteen bits: what comes over from the other byte is masked.
    const auto bits = [](__m128i of, char mask) { return _mm_and_si128(of, _mm_set1_epi8(mask)); };
    add(kFirst, _mm_or_si128(_mm_slli_epi16(digits, 2), bits(_mm_srli_epi16(next, 4), 0x03)), i);
    add(kSecond,
        _mm_or_si128(bits(_mm_slli_epi16(digits, 4), static_cast<char>(0xf0)),
                     bits(_mm_srli_epi16(next, 2), 0x0f)),
        i);
    add(kThird, _mm_or_si128(bits(_mm_slli_epi16(digits, 6), static_cast<char>(0xc0)), next), i);
  }
  return bytes;
}

RETAKE_SSSE3 Base64Bytes asciiBySixteen(const char* text, std::uint64_t wanted) {
  Base64Bytes bytes{};
  const auto withFirstBit = [](__m128i of) { return static_cast<std::uint32_t>(_mm_movemask_epi8(of)); };
  for (unsigned i = 0; i < 64; i += 16) {
    if ((wanted >> i & 0xffffu) == 0) continue;
    const __m128i digits = digitsAt(text + i);
    bytes[kFirst] |= std::uint64_t{withFirstBit(_mm_slli_epi16(digits, 2)) ^ 0xffffu} << i;
    bytes[kSecond] |= std::uint64_t{withFirstBit(_mm_slli_epi16(digits, 4)) ^ 0xffffu} << i;
    bytes[kThird] |= std::uint64_t{withFirstBit(_mm_slli_epi16(digits, 6)) ^ 0xffffu} << i;
  }
  return bytes;
}

#undef RETAKE_SSSE3

}  // namespace

Base64Chars base64Chars(const char* text) {
  return kHasSsse3 ? charsBySixteen(text) : base64CharsOneByOne(text);
}
Base64Bytes base64Bytes(const char* text, const AsciiSet& set, std::uint64_t wanted) {
  return kHasSsse3 ? bytesBySixteen(text, set, wanted) : base64BytesOneByOne(text, set);
}
Base64Bytes base64AsciiBytes(const char* text, std::uint64_t wanted) {
  return kHasSsse3 ? asciiBySixteen(text, wanted) : base64AsciiBytesOneByOne(text);
}

#else

Base64Chars base64Chars(const char* text) { return base64CharsOneByOne(text); }
Base64Bytes base64Bytes(const char* text, const AsciiSet& set, std::uint64_t) {
  return base64BytesOneByOne(text, set);
}
Base64Bytes base64AsciiBytes(const char* text, std::uint64_t) { return base64AsciiBytesOneByOne(text); }

#endif

}  // namespace retake
