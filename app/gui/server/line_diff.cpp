#include "server/line_diff.h"

#include <algorithm>
#include <cstdint>

namespace retake::gui {

namespace {

// 2,000 by 2,000 cells of two bytes are 8 MB and 10 ms.
constexpr int kMaxMiddle = 2000;

// Differing lines are collected, then paired: the first gone with the first new.
class Pairs {
 public:
  void gone(int line) { m_gone.push_back(line); }
  void added(int line) { m_added.push_back(line); }
  void same(int left, int right) {
    flush();
    m_pairs.push_back({left, right, true});
  }
  std::vector<LinePair> take() {
    flush();
    return std::move(m_pairs);
  }

 private:
  void flush() {
    for (std::size_t i = 0; i < std::max(m_gone.size(), m_added.size()); ++i) {
      m_pairs.push_back({i < m_gone.size() ? m_gone[i] : -1, i < m_added.size() ? m_added[i] : -1, false});
    }
    m_gone.clear();
    m_added.clear();
  }
  std::vector<LinePair> m_pairs;
  std::vector<int> m_gone;
  std::vector<int> m_added;
};

}  // namespace

std::vector<LinePair> alignLines(const QStringList& left, const QStringList& right) {
  const int leftSize = static_cast<int>(left.size());
  const int rightSize = static_cast<int>(right.size());
  int head = 0;
  while (head < leftSize && head < rightSize && left[head] == right[head]) ++head;
  int tail = 0;
  while (tail < leftSize - head && tail < rightSize - head &&
         left[leftSize - 1 - tail] == right[rightSize - 1 - tail]) {
    ++tail;
  }
  const int rows = leftSize - head - tail;
  const int columns = rightSize - head - tail;

  Pairs pairs;
  for (int i = 0; i < head; ++i) pairs.same(i, i);
  if (rows > kMaxMiddle || columns > kMaxMiddle) {
    for (int i = 0; i < rows; ++i) pairs.gone(head + i);
    for (int i = 0; i < columns; ++i) pairs.added(head + i);
  } else {
    // common[i][j]: the longest common subsequence of what is left from line i and line j on.
    const std::size_t width = static_cast<std::size_t>(columns) + 1;
    std::vector<std::uint16_t> common((static_cast<std::size_t>(rows) + 1) * width, 0);
    const auto at = [&common, width](int i, int j) -> std::uint16_t& {
      return common[static_cast<std::size_t>(i) * width + static_cast<std::size_t>(j)];
    };
    for (int i = rows - 1; i >= 0; --i) {
      for (int j = columns - 1; j >= 0; --j) {
        at(i, j) = left[head + i] == right[head + j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                                     : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
    int i = 0;
    int j = 0;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && left[head + i] == right[head + j]) {
        pairs.same(head + i++, head + j++);
      } else if (i < rows && (j == columns || at(i + 1, j) >= at(i, j + 1))) {
        pairs.gone(head + i++);
      } else {
        pairs.added(head + j++);
      }
    }
  }
  for (int i = 0; i < tail; ++i) pairs.same(leftSize - tail + i, rightSize - tail + i);
  return pairs.take();
}

}  // namespace retake::gui
