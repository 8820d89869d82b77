#include "explain/list_alignment.h"

#include <algorithm>

namespace retake {
namespace {

// Cells of the table of longest common subsequences: half a megabyte, under a millisecond.
constexpr std::size_t kMaxCells = 250'000;
// Pairs of which the likeness is asked for.
constexpr std::size_t kMaxLikenesses = 64;

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

class Aligner {
 public:
  Aligner(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
          const std::function<double(std::uint32_t, std::uint32_t)>& likeness)
      : m_a(a), m_b(b), m_likeness(likeness) {}

  Pairs align() {
    auto aEnd = static_cast<std::uint32_t>(m_a.size());
    auto bEnd = static_cast<std::uint32_t>(m_b.size());
    std::uint32_t head = 0;
    while (head < aEnd && head < bEnd && m_a[head] == m_b[head]) ++head;
    std::uint32_t tail = 0;
    while (tail < aEnd - head && tail < bEnd - head && m_a[aEnd - 1 - tail] == m_b[bEnd - 1 - tail]) ++tail;
    for (std::uint32_t i = 0; i < head; ++i) m_pairs.emplace_back(i, i);
    middle(head, aEnd - tail, head, bEnd - tail);
    for (std::uint32_t i = tail; i > 0; --i) m_pairs.emplace_back(aEnd - i, bEnd - i);
    return std::move(m_pairs);
  }

 private:
  void middle(std::uint32_t a, std::uint32_t aEnd, std::uint32_t b, std::uint32_t bEnd) {
    const std::size_t rows = aEnd - a;
    const std::size_t columns = bEnd - b;
    if (rows == 0 || columns == 0 || rows * columns > kMaxCells) return gap(a, aEnd, b, bEnd);
    // length[i][j]: of the elements from a+i and b+j on.
    std::vector<std::uint32_t> length((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
      return length[i * (columns + 1) + j];
    };
    for (std::size_t i = rows; i-- > 0;)
      for (std::size_t j = columns; j-- > 0;)
        at(i, j) = m_a[a + i] == m_b[b + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    std::uint32_t i = 0;
    std::uint32_t j = 0;
    std::uint32_t fromA = a;
    std::uint32_t fromB = b;
    while (i < rows && j < columns && at(i, j) > 0) {
      if (m_a[a + i] == m_b[b + j]) {
        gap(fromA, a + i, fromB, b + j);
        m_pairs.emplace_back(a + i, b + j);
        fromA = a + ++i;
        fromB = b + ++j;
      } else if (at(i + 1, j) >= at(i, j + 1)) {
        ++i;
      } else {
        ++j;
      }
    }
    gap(fromA, aEnd, fromB, bEnd);
  }

  // Elements of which none equals one of the others.
  void gap(std::uint32_t a, std::uint32_t aEnd, std::uint32_t b, std::uint32_t bEnd) {
    const std::uint32_t rows = aEnd - a;
    const std::uint32_t columns = bEnd - b;
    if (rows != columns && rows > 0 && columns > 0 && std::size_t{rows} * columns <= kMaxLikenesses)
      return byLikeness(a, rows, b, columns);
    for (std::uint32_t i = 0; i < std::max(rows, columns); ++i)
      m_pairs.emplace_back(i < rows ? a + i : kNoElement, i < columns ? b + i : kNoElement);
  }

  void byLikeness(std::uint32_t a, std::uint32_t rows, std::uint32_t b, std::uint32_t columns) {
    std::vector<double> likeness(std::size_t{rows} * columns);
    for (std::uint32_t i = 0; i < rows; ++i)
      for (std::uint32_t j = 0; j < columns; ++j)
        // As many pairs as there can be; among them the likest.
        likeness[std::size_t{i} * columns + j] = 1 + m_likeness(a + i, b + j);
    std::vector<double> best(std::size_t{rows + 1} * (columns + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> double& { return best[i * (columns + 1) + j]; };
    for (std::size_t i = rows; i-- > 0;)
      for (std::size_t j = columns; j-- > 0;)
        at(i, j) = std::max({at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + likeness[i * columns + j]});
    std::uint32_t i = 0;
    std::uint32_t j = 0;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && at(i, j) > std::max(at(i + 1, j), at(i, j + 1)))
        m_pairs.emplace_back(a + i++, b + j++);
      else if (j == columns || (i < rows && at(i + 1, j) >= at(i, j + 1)))
        m_pairs.emplace_back(a + i++, kNoElement);
      else
        m_pairs.emplace_back(kNoElement, b + j++);
    }
  }

  std::span<const std::uint64_t> m_a;
  std::span<const std::uint64_t> m_b;
  const std::function<double(std::uint32_t, std::uint32_t)>& m_likeness;
  Pairs m_pairs;
};

}  // namespace

Pairs alignLists(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                 const std::function<double(std::uint32_t, std::uint32_t)>& likeness) {
  return Aligner(a, b, likeness).align();
}

}  // namespace retake
