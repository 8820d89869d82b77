#pragma once

#include <array>
#include <cstdint>

#include "scrub/detect/text_finder.h"
#include "scrub/find_secrets.h"

namespace retake {

// Keeps the first finds, and counts all.
class FindCollector {
 public:
  explicit FindCollector(std::uint64_t limit) : m_limit(limit) {}
  void add(SecretFind&& find);
  SecretFinds finish(bool stopped) &&;

 private:
  std::uint64_t m_limit;
  SecretFinds m_finds;
  std::array<std::uint64_t, kMaxDetectors> m_counts{};
};

}  // namespace retake
