#include "scrub/base64_runs.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>

#include "base/hex.h"
#include "scrub/base64_digits.h"
#include "scrub/encodings.h"

namespace retake {
namespace {

// Of 64 characters, a bit for each, the lowest for the first.
struct Base64Bits {
  std::uint64_t digits = 0;  // of base64
  std::uint64_t hex = 0;
  // Digits that leave the first bit of a byte 0, as ASCII has it, where that is in their first, third, or
  // fifth.
  std::uint64_t first = 0;
  std::uint64_t third = 0;
  std::uint64_t fifth = 0;
};

Base64Bits base64Bits(const char* text) {
  Base64Bits bits;
#ifdef __SSE2__
  const auto within = [](__m128i c, char from, char more) {
    const __m128i above = _mm_sub_epi8(c, _mm_set1_epi8(from));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(more)), above);
  };
  const auto equals = [](__m128i c, char other) { return _mm_cmpeq_epi8(c, _mm_set1_epi8(other)); };
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    const __m128i folded = _mm_or_si128(c, _mm_set1_epi8(0x20));
    const __m128i upper = within(c, 'A', 25);
    const __m128i lower = within(c, 'a', 25);
    const __m128i letter = within(folded, 'a', 5);
    const __m128i number = within(c, '0', 9);
    const __m128i signs = _mm_or_si128(_mm_or_si128(equals(c, '+'), equals(c, '-')),
                                       _mm_or_si128(equals(c, '/'), equals(c, '_')));
    const __m128i plain = _mm_or_si128(_mm_or_si128(upper, lower), number);
    const __m128i offset = _mm_or_si128(_mm_or_si128(_mm_and_si128(upper, _mm_set1_epi8(-'A')),
                                                     _mm_and_si128(lower, _mm_set1_epi8(26 - 'a'))),
                                        _mm_and_si128(number, _mm_set1_epi8(52 - '0')));
    const __m128i digit = _mm_add_epi8(c, offset);
    const auto mask = [](__m128i bytes) { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); };
    // Signs have all of these bits.
    const auto without = [&](__m128i moved) {
      return std::uint64_t{mask(_mm_andnot_si128(moved, plain))} << i;
    };
    bits.digits |= std::uint64_t{mask(_mm_or_si128(plain, signs))} << i;
    bits.hex |= std::uint64_t{mask(_mm_or_si128(number, letter))} << i;
    bits.first |= without(_mm_slli_epi16(digit, 2));
    bits.third |= without(_mm_slli_epi16(digit, 4));
    bits.fifth |= without(_mm_slli_epi16(digit, 6));
  }
#else
  for (unsigned i = 0; i < 64; ++i) {
    const unsigned digit = base64Digit(text[i]);
    if (digit == kNoDigit) continue;
    bits.digits |= std::uint64_t{1} << i;
    bits.hex |= std::uint64_t{(hexValue(text[i]) >= 0)} << i;
    bits.first |= std::uint64_t{(digit >> 5 & 1u) ^ 1u} << i;
    bits.third |= std::uint64_t{(digit >> 3 & 1u) ^ 1u} << i;
    bits.fifth |= std::uint64_t{(digit >> 1 & 1u) ^ 1u} << i;
  }
#endif
  return bits;
}

// Of the 64 characters from `at` on, or as many as there are.
Base64Bits base64Bits(std::string_view text, std::size_t at) {
  if (text.size() - at >= 64) return base64Bits(text.data() + at);
  if (text.size() < 64) {
    std::array<char, 64> end{};
    text.copy(end.data(), end.size(), at);
    return base64Bits(end.data());
  }
  Base64Bits bits = base64Bits(text.data() + text.size() - 64);
  if (at == text.size()) return {};
  const std::size_t before = at + 64 - text.size();
  for (std::uint64_t* one : {&bits.digits, &bits.hex, &bits.first, &bits.third, &bits.fifth}) *one >>= before;
  return bits;
}

// The digits in which the first of `least` bytes of ASCII may begin; more than there are, not fewer.
std::uint64_t textsIn(const Base64Bits& bits, std::size_t least) {
  const std::uint64_t f = bits.first;
  const std::uint64_t t = bits.third;
  const std::uint64_t v = bits.fifth;
  // By the place in its group of the byte that is the first.
  std::uint64_t first = f & t >> 1 & v >> 2;
  std::uint64_t second = t & v >> 1 & f >> 3;
  std::uint64_t third = v & f >> 2 & t >> 3;
  if (least > 3) first &= f >> 4, second &= t >> 4, third &= v >> 4;
  if (least > 4) first &= t >> 5, second &= v >> 5, third &= f >> 6;
  if (least > 5) first &= v >> 6, second &= f >> 7, third &= t >> 7;
  return least < kMinInnerText ? bits.digits : first | second | third;
}

// The bits that begin `least` ones, 64 at most.
std::uint64_t runsIn(std::uint64_t bits, std::size_t least) {
  std::size_t known = 1;
  for (; known * 2 <= least; known *= 2) bits &= bits >> known;
  return known < least ? bits & bits >> (least - known) : bits;
}

}  // namespace

Base64Runs::Base64Runs(std::string_view text, const InnerTexts& texts)
    // A begin that is not one of a group costs a character.
    : m_text(text),
      m_leastText(texts.least),
      m_least(std::max(kMinBase64Run, (std::min<std::size_t>(texts.least, 32) * 4 + 2) / 3) - 1) {
  look();
}

void Base64Runs::look() {
  const Base64Bits bits = base64Bits(m_text, m_block);
  m_digits = bits.digits;
  // What reaches the end of the block is looked at with what stands behind it.
  m_behind = 64 - static_cast<std::size_t>(std::countl_one(m_digits));
  m_texts = textsIn(bits, m_leastText) | runsIn(bits.hex, kMinHexRun);
  m_texts &= m_behind == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << m_behind) - 1;
}

std::string_view Base64Runs::next() {
  for (;;) {
    while (m_texts != 0) {
      const auto at = static_cast<std::size_t>(std::countr_zero(m_texts));
      const std::uint64_t others = ~m_digits & ((std::uint64_t{1} << at) - 1);
      const std::size_t begin = 64 - static_cast<std::size_t>(std::countl_zero(others));
      const std::size_t end = at + static_cast<std::size_t>(std::countr_one(m_digits >> at));
      m_texts &= ~std::uint64_t{0} << end;  // before the end of the block
      if (end - begin >= m_least) return m_text.substr(m_block + begin, end - begin);
    }
    const std::size_t from = m_block += m_behind;
    if (m_block >= m_text.size()) return {};
    look();
    if (m_behind > 0) continue;
    while (m_behind == 0) {
      m_block += 64;
      look();
    }
    const auto more = static_cast<std::size_t>(std::countr_one(m_digits));
    m_texts &= ~std::uint64_t{0} << more;
    return m_text.substr(from, m_block + more - from);
  }
}

}  // namespace retake
