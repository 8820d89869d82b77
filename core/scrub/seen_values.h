#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scrub/value_walk.h"

namespace retake {

// Which value a token stands for, of those that were seen. In bounded memory: the values that were seen
// longest ago are forgotten first. All functions may be called from any thread.
class SeenValues {
 public:
  static constexpr std::size_t kMaxBytes = 64 << 20;
  // Longer ones are not remembered.
  static constexpr std::size_t kMaxValue = 1 << 20;

  explicit SeenValues(std::size_t maxBytes = kMaxBytes) : m_maxBytes(maxBytes) {}

  // Of a token that stands for two values nobody knows any more which is meant: it is not put back.
  void remember(std::string_view token, std::string_view value);
  bool empty() const { return m_empty.load(std::memory_order_relaxed); }

  // The value that `token` as a whole stands for.
  std::optional<std::string> valueOf(std::string_view token) const;
  // What puts every distinctive token in the text back; empty where there is none.
  std::vector<TextEdit> putBack(std::string_view text) const;
  // Whether a token is unlikely to be anything else by chance: what is not may be put back only where a rule
  // is known to have made it.
  static bool isDistinctive(std::string_view token);

  // Some are forgotten.
  bool hasForgotten() const { return m_hasForgotten.load(std::memory_order_relaxed); }

 private:
  // Half of the memory. When the young one is full it becomes the old one, which is forgotten; what is seen
  // again is young again.
  struct Generation {
    struct Hash {
      using is_transparent = void;
      std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::unordered_map<std::string, std::optional<std::string>, Hash, std::equal_to<>> values;  // by token
    // Of distinctive tokens: their first two bytes, and by their first bytes their lengths.
    std::bitset<65536> beginnings;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> lengths;
    std::size_t bytes = 0;
  };

  const std::optional<std::string>* find(std::string_view token) const;
  const std::string* known(std::string_view token) const;
  void insert(std::string_view token, std::optional<std::string> value);
  std::size_t tokenAt(std::string_view text, std::size_t at) const;

  const std::size_t m_maxBytes;
  mutable std::shared_mutex m_mutex;
  Generation m_young;
  Generation m_old;
  std::atomic<bool> m_empty{true};
  std::atomic<bool> m_hasForgotten{false};
};

}  // namespace retake
