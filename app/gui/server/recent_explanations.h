#pragma once

#include <deque>
#include <memory>

#include "explain/explanation.h"

namespace retake::gui {

// Bytes that it takes, about.
std::size_t sizeOf(const Explanation& explanation);

// Holds the newest explanations of misses. They have the clients' messages in them, which may be large, so
// both their number and their bytes are bounded; the newest one is held in any case.
class RecentExplanations {
 public:
  static constexpr std::size_t kCount = 500;
  static constexpr std::size_t kBytes = std::size_t{64} << 20;
  explicit RecentExplanations(std::size_t count = kCount, std::size_t bytes = kBytes)
      : m_maxCount(count), m_maxBytes(bytes) {}

  // What comes back is empty again when newer ones took its place.
  std::weak_ptr<const Explanation> keep(std::shared_ptr<const Explanation> explanation);
  void clear();

 private:
  struct Kept {
    std::shared_ptr<const Explanation> explanation;
    std::size_t bytes = 0;
  };
  const std::size_t m_maxCount;
  const std::size_t m_maxBytes;
  std::deque<Kept> m_kept;
  std::size_t m_bytes = 0;
};

}  // namespace retake::gui
