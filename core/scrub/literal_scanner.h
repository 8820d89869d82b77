#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace retake {

// Finds very many texts at once, in one pass, whatever their case (ASCII): Aho and Corasick's automaton.
// Source: A. V. Aho, M. J. Corasick, "Efficient string matching", CACM 18 (1975). Where one may begin is
// looked for as Hyperscan's Teddy does: github.com/intel/hyperscan, src/fdr/teddy.c.
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
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    // Where no text can begin it need not be looked for.
    while ((at = begin(at, end)) != end) {
      std::uint32_t state = 0;
      do {
        state = next[(state & kState) + m_classes[static_cast<std::uint8_t>(*at++)]];
        if (state & kEnds) [[unlikely]]
          for (std::int32_t text = m_ends[(state & kState) / m_width]; text >= 0;
               text = m_shorter[static_cast<std::size_t>(text)])
            found(static_cast<std::uint32_t>(text));
      } while (state != 0 && at != end);
    }
  }

 private:
  static constexpr std::uint32_t kEnds = 1u << 31;
  static constexpr std::uint32_t kState = kEnds - 1;

  void addBegin(const std::string& text);
  // The first place from `at` on where a text may begin: texts are in eight groups, and three bytes after
  // each other must each be one that some text of a group has there.
  const char* begin(const char* at, const char* end) const;
  const char* beginOneByOne(const char* at, const char* end) const;
  // The same, 16 places at a time, by what the halves of bytes tell; gives up where fewer are left.
  const char* beginBySixteen(const char* at, const char* end) const;
  bool mayBegin(const char* at) const {
    return (m_begins[0][static_cast<std::uint8_t>(at[0])] & m_begins[1][static_cast<std::uint8_t>(at[1])] &
            m_begins[2][static_cast<std::uint8_t>(at[2])]) != 0;
  }

  std::vector<std::string> m_texts;
  std::array<std::uint32_t, 256> m_classes{};               // bytes that no text has are all one
  std::uint32_t m_width = 1;                                // classes
  std::array<std::array<std::uint8_t, 256>, 3> m_begins{};  // by place and byte: a bit for each group
  // By place: the groups that have a byte of that lower half there, and of that upper half.
  std::array<std::array<std::uint8_t, 16>, 3> m_lowerHalves{};
  std::array<std::array<std::uint8_t, 16>, 3> m_upperHalves{};
  std::vector<std::uint32_t> m_next;    // by state * m_width + class: the same of the next state, and kEnds
  std::vector<std::int32_t> m_ends;     // by state: the longest text that ends there; -1: none
  std::vector<std::int32_t> m_shorter;  // by text: the next shorter one that ends where it ends
};

}  // namespace retake
