#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scrub/key.h"

// What hashes and fakes are made of: symbols, numbers below a radix of at most 256, that the key decides.
namespace retake {

using Symbols = std::vector<std::uint8_t>;

// `count` of them, always the same for the same key, purpose and value; as good as random otherwise.
Symbols keyedSymbols(const ScrubKey& key, std::string_view purpose, std::string_view value, unsigned radix,
                     std::size_t count);

// Symbols that prove themselves: `count` that stand for the value, and `check` more that only the key's owner
// can put behind them.
Symbols provenSymbols(const ScrubKey& key, std::string_view purpose, std::string_view value, unsigned radix,
                      std::size_t count, std::size_t check);
bool areProven(const ScrubKey& key, std::string_view purpose, const Symbols& symbols, unsigned radix,
               std::size_t check);

// Another sequence of the same length; different sequences give different ones. A Feistel network (as NIST SP
// 800-38G's FF1 is one) over HMAC-SHA-256 that adds symbol by symbol, so any length will do; not FF1.
void permute(const ScrubKey& key, std::string_view purpose, Symbols& symbols, unsigned radix);

// A number of [low, high], another one for each number of it.
std::uint64_t permuteWithin(const ScrubKey& key, std::string_view purpose, std::uint64_t value,
                            std::uint64_t low, std::uint64_t high);

}  // namespace retake
