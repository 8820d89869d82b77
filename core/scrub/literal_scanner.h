#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace retake {

// Finds very many texts at once, in one pass, whatever their case (ASCII): Aho and Corasick's automaton.
// Source: A. V. Aho, M. J. Corasick, "Efficient string matching", CACM 18 (1975).
class LiteralScanner {
 public:
  // Gives its number; of a text that was added before, the same. Not empty.
  std::uint32_t add(std::string_view text);
  // No more is added.
  void finish();

  std::size_t size() const { return m_texts.size(); }
  // Calls found(number) for each place where a text ends; of those that end at one place, the longest first.
  template <typename Found>
  void scan(ByteView bytes, const Found& found) const {
    if (m_texts.empty()) return;
    const std::uint32_t* const next = m_next.data();
    std::uint32_t at = 0;
    for (const char c : bytes) {
      at = next[(at & kState) + m_classes[static_cast<std::uint8_t>(c)]];
      if (at & kEnds) [[unlikely]]
        for (std::int32_t text = m_ends[(at & kState) / m_width]; text >= 0;
             text = m_shorter[static_cast<std::size_t>(text)])
          found(static_cast<std::uint32_t>(text));
    }
  }

 private:
  static constexpr std::uint32_t kEnds = 1u << 31;
  static constexpr std::uint32_t kState = kEnds - 1;

  std::vector<std::string> m_texts;
  std::array<std::uint32_t, 256> m_classes{};  // bytes that no text has are all one
  std::uint32_t m_width = 1;                   // classes
  std::vector<std::uint32_t> m_next;    // by state * m_width + class: the same of the next state, and kEnds
  std::vector<std::int32_t> m_ends;     // by state: the longest text that ends there; -1: none
  std::vector<std::int32_t> m_shorter;  // by text: the next shorter one that ends where it ends
};

}  // namespace retake
