#include "scrub/keyed_symbols.h"

#include <algorithm>
#include <cassert>

namespace retake {
namespace {

// NIST SP 800-38G has ten for FF1.
constexpr int kRounds = 10;

std::string asText(const Symbols& symbols, std::size_t begin, std::size_t end) {
  return {reinterpret_cast<const char*>(symbols.data()) + begin, end - begin};
}

Symbols digitsOf(std::uint64_t value, std::size_t count) {
  Symbols digits(count);
  for (std::size_t i = count; i-- > 0; value /= 10) digits[i] = static_cast<std::uint8_t>(value % 10);
  return digits;
}

std::size_t digitCount(std::uint64_t value) {
  std::size_t count = 1;
  for (; value >= 10; value /= 10) ++count;
  return count;
}

}  // namespace

Symbols keyedSymbols(const ScrubKey& key, std::string_view purpose, std::string_view value, unsigned radix,
                     std::size_t count) {
  assert(radix >= 2 && radix <= 256);
  // Bytes from here on would make some symbols likelier than others.
  const unsigned fair = 256 / radix * radix;
  Symbols symbols;
  symbols.reserve(count);
  // The value is hashed once; more blocks are made of the hash.
  std::string block = key.hmac(purpose, value);
  while (true) {
    for (const char c : block) {
      if (symbols.size() == count) return symbols;
      const unsigned byte = static_cast<unsigned char>(c);
      if (byte < fair) symbols.push_back(static_cast<std::uint8_t>(byte % radix));
    }
    block = key.hmac("more", block);
  }
}

Symbols provenSymbols(const ScrubKey& key, std::string_view purpose, std::string_view value, unsigned radix,
                      std::size_t count, std::size_t check) {
  Symbols symbols = keyedSymbols(key, purpose, value, radix, count);
  const Symbols proof =
      keyedSymbols(key, std::string(purpose) + " proof", asText(symbols, 0, count), radix, check);
  symbols.insert(symbols.end(), proof.begin(), proof.end());
  return symbols;
}

bool areProven(const ScrubKey& key, std::string_view purpose, const Symbols& symbols, unsigned radix,
               std::size_t check) {
  if (symbols.size() <= check) return false;
  const std::size_t count = symbols.size() - check;
  const Symbols proof =
      keyedSymbols(key, std::string(purpose) + " proof", asText(symbols, 0, count), radix, check);
  return std::equal(proof.begin(), proof.end(), symbols.begin() + static_cast<std::ptrdiff_t>(count));
}

void permute(const ScrubKey& key, std::string_view purpose, Symbols& symbols, unsigned radix) {
  const std::size_t size = symbols.size();
  if (size == 0) return;
  const std::size_t half = size / 2;
  const std::string rounds =
      std::string(purpose) + ' ' + std::to_string(radix) + ' ' + std::to_string(size) + " round ";
  // A single symbol has no other half to depend on: it is turned by the same number each time.
  for (int round = 0; round < (half == 0 ? 1 : kRounds); ++round) {
    const bool left = round % 2 == 0 && half > 0;
    const std::size_t begin = left ? 0 : half;
    const std::size_t end = left ? half : size;
    const std::string other = left ? asText(symbols, half, size) : asText(symbols, 0, half);
    const Symbols added =
        keyedSymbols(key, rounds + std::to_string(round), other, half == 0 ? radix - 1 : radix, end - begin);
    for (std::size_t i = begin; i < end; ++i)
      symbols[i] = static_cast<std::uint8_t>((symbols[i] + added[i - begin] + (half == 0 ? 1u : 0u)) % radix);
  }
}

std::uint64_t permuteWithin(const ScrubKey& key, std::string_view purpose, std::uint64_t value,
                            std::uint64_t low, std::uint64_t high) {
  assert(low <= value && value <= high);
  const std::size_t count = digitCount(high);
  // Walks along the cycle of a permutation of more numbers until it is back inside: at the latest at `value`.
  Symbols digits = digitsOf(value, count);
  while (true) {
    permute(key, purpose, digits, 10);
    std::uint64_t next = 0;
    bool tooBig = false;
    for (const std::uint8_t digit : digits) {
      tooBig = tooBig || __builtin_mul_overflow(next, std::uint64_t{10}, &next) ||
               __builtin_add_overflow(next, std::uint64_t{digit}, &next);
    }
    if (!tooBig && next >= low && next <= high) return next;
  }
}

}  // namespace retake
