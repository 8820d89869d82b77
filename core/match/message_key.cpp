#include "match/message_key.h"

#include <cassert>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace retake {

MessageKey messageKey(ByteView bytes, std::uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {hash.low64, hash.high64};
}

void KeyTable::reserve(std::size_t count) {
  std::size_t slots = 16;
  while (slots < count * 2) slots *= 2;
  if (slots > m_slots.size()) grow(slots);
}

void KeyTable::grow(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(m_slots);
  m_count = 0;
  for (const Slot& slot : old)
    if (slot.number != kNone) insert(slot.key, slot.number);
}

std::uint32_t KeyTable::find(const MessageKey& key) const {
  if (m_slots.empty()) return kNone;
  const std::size_t mask = m_slots.size() - 1;
  for (std::size_t at = key.low & mask;; at = (at + 1) & mask) {
    const Slot& slot = m_slots[at];
    if (slot.number == kNone) return kNone;
    if (slot.key == key) return slot.number;
  }
}

std::uint32_t KeyTable::insert(const MessageKey& key, std::uint32_t number) {
  assert(number != kNone);
  if (m_slots.size() < (m_count + 1) * 2) grow(m_slots.empty() ? 16 : m_slots.size() * 2);
  const std::size_t mask = m_slots.size() - 1;
  std::size_t at = key.low & mask;
  for (; m_slots[at].number != kNone; at = (at + 1) & mask)
    if (m_slots[at].key == key) return m_slots[at].number;
  m_slots[at] = {key, number};
  ++m_count;
  return number;
}

}  // namespace retake
