#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace retake {

// 128 bits of XXH3 over a message: what the index holds in place of the message itself. At a million
// calls the odds that any two different messages share a key are one in 10^26.
struct MessageKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const MessageKey&) const = default;
};

// Keys with different seeds have nothing to do with each other.
MessageKey messageKey(ByteView bytes, std::uint64_t seed);

// From keys to numbers; open addressing, since a key is a good hash of itself. Numbers are not removed.
class KeyTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  void reserve(std::size_t count);
  // The number of `key`; kNone when it has none.
  std::uint32_t find(const MessageKey& key) const;
  // Gives `key` this number, unless it has one; the number that it has then.
  std::uint32_t insert(const MessageKey& key, std::uint32_t number);

 private:
  struct Slot {
    MessageKey key;
    std::uint32_t number = kNone;
  };
  void grow(std::size_t slots);

  std::vector<Slot> m_slots;  // a power of two, at most half full
  std::size_t m_count = 0;
};

}  // namespace retake
