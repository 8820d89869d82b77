#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// What looks as if a machine had drawn it by lot.
namespace retake {

// Bits a character, by how often each occurs.
double shannonEntropy(std::string_view text);
// Letters and digits that follow upon one another as if by chance, unlike words, paths and numbers. Shorter
// ones than 12 bytes tell too little: false.
bool looksRandom(std::string_view text);

struct RandomRun {
  std::size_t at = 0;
  std::size_t size = 0;
};
// The first run of kMinRandomBytes or more at or behind `from` that looks random: letters, digits, and what
// base64 has besides. Not hexadecimal, which is what digests and ids are written in, nor a UUID.
inline constexpr std::size_t kMinRandomBytes = 24;
std::optional<RandomRun> findRandom(std::string_view text, std::size_t from);

}  // namespace retake
