#include "calls/radix_sort.h"

#include <cassert>

namespace retake::gui {

void sortByKey(std::vector<std::uint32_t>& values, std::vector<std::uint64_t> keys) {
  assert(values.size() == keys.size());
  if (values.size() < 2) return;
  std::uint64_t differing = 0;
  for (const std::uint64_t key : keys) differing |= key ^ keys.front();
  std::vector<std::uint32_t> otherValues(values.size());
  std::vector<std::uint64_t> otherKeys(keys.size());
  constexpr std::uint64_t kDigit = 0xffff;
  for (unsigned shift = 0; shift < 64; shift += 16) {
    if (((differing >> shift) & kDigit) == 0) continue;
    std::vector<std::size_t> begin(kDigit + 2);
    for (const std::uint64_t key : keys) ++begin[((key >> shift) & kDigit) + 1];
    for (std::size_t digit = 1; digit < begin.size(); ++digit) begin[digit] += begin[digit - 1];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t to = begin[(keys[i] >> shift) & kDigit]++;
      otherKeys[to] = keys[i];
      otherValues[to] = values[i];
    }
    keys.swap(otherKeys);
    values.swap(otherValues);
  }
}

}  // namespace retake::gui
