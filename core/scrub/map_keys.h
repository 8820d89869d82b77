#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace retake {

// A key of a map that a visitor has changed.
struct ChangedKey {
  std::string before;
  std::string now;  // in and out
};

enum class KeyKind : std::uint8_t { Text, Number, Bool };

// Tells keys apart that were made equal, of each other and of those that stay (`kept`), so that none takes
// another's place: texts become "x", "x~2", "x~3", numbers the next that is free. Which gets which depends on
// what they were, not on their order: a map has none. Keys that were equal stay so.
void separateKeys(std::vector<ChangedKey*> keys, std::set<std::string> kept, KeyKind kind);

}  // namespace retake
