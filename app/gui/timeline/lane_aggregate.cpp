#include "timeline/lane_aggregate.h"

#include <algorithm>

namespace retake::gui {
namespace {

void addMark(std::uint8_t mark, std::uint32_t& hidden, std::uint32_t& errors, std::uint32_t& edited) {
  if (mark & call_mark::kHidden) {
    ++hidden;
    return;
  }
  if (mark & call_mark::kError) ++errors;
  if (mark & call_mark::kEdited) ++edited;
}

}  // namespace

LaneCounts& LaneCounts::operator+=(const LaneCounts& other) {
  calls += other.calls;
  hidden += other.hidden;
  errors += other.errors;
  edited += other.edited;
  return *this;
}

LaneAggregate::Node LaneAggregate::leaf(const LaneCalls& lane, std::uint32_t block) {
  Node node;
  const std::uint32_t begin = block * kFanOut;
  const std::uint32_t end = std::min(begin + kFanOut, lane.size());
  node.first = lane.first(begin);
  for (std::uint32_t i = begin; i < end; ++i) {
    node.maxLast = std::max(node.maxLast, lane.last(i));
    addMark(lane.marks[i], node.hidden, node.errors, node.edited);
  }
  return node;
}

LaneAggregate::Node LaneAggregate::parent(std::size_t level, std::uint32_t block) const {
  const auto& below = m_levels[level - 1];
  const std::size_t begin = std::size_t{block} * kFanOut;
  const std::size_t end = std::min(begin + kFanOut, below.size());
  Node node;
  node.first = below[begin].first;
  for (std::size_t i = begin; i < end; ++i) {
    node.maxLast = std::max(node.maxLast, below[i].maxLast);
    node.hidden += below[i].hidden;
    node.errors += below[i].errors;
    node.edited += below[i].edited;
  }
  return node;
}

void LaneAggregate::build(const LaneCalls& lane) {
  m_levels.clear();
  std::uint32_t blocks = (lane.size() + kFanOut - 1) / kFanOut;
  if (blocks == 0) return;
  m_levels.emplace_back().reserve(blocks);
  for (std::uint32_t b = 0; b < blocks; ++b) m_levels[0].push_back(leaf(lane, b));
  while (blocks > 1) {
    blocks = (blocks + kFanOut - 1) / kFanOut;
    const std::size_t level = m_levels.size();
    m_levels.emplace_back().reserve(blocks);
    for (std::uint32_t b = 0; b < blocks; ++b) m_levels[level].push_back(parent(level, b));
  }
}

void LaneAggregate::update(const LaneCalls& lane, std::uint32_t index) {
  std::uint32_t block = index / kFanOut;
  for (std::size_t level = 0; level < m_levels.size(); ++level, block /= kFanOut)
    m_levels[level][block] = level == 0 ? leaf(lane, block) : parent(level, block);
}

std::uint32_t LaneAggregate::lowerBound(const LaneCalls& lane, std::uint32_t position,
                                        std::uint32_t from) const {
  if (from >= lane.size()) return lane.size();
  const auto& blocks = m_levels[0];
  // Neighbouring columns ask for neighbouring places: gallop from where the last one was.
  std::size_t low = from / kFanOut;
  std::size_t step = 1;
  while (low + step < blocks.size() && blocks[low + step].first < position) {
    low += step;
    step *= 2;
  }
  const auto begin = blocks.begin() + static_cast<std::ptrdiff_t>(low) + 1;
  const auto end = blocks.begin() + static_cast<std::ptrdiff_t>(std::min(low + step, blocks.size()));
  if (begin < end) {
    const auto after = std::lower_bound(begin, end, position,
                                        [](const Node& node, std::uint32_t p) { return node.first < p; });
    low = static_cast<std::size_t>(after - blocks.begin()) - 1;
  }
  std::uint32_t left = std::max(static_cast<std::uint32_t>(low) * kFanOut, from);
  std::uint32_t right = std::min(static_cast<std::uint32_t>(low + 1) * kFanOut, lane.size());
  while (left < right) {
    const std::uint32_t middle = left + (right - left) / 2;
    if (lane.first(middle) < position)
      left = middle + 1;
    else
      right = middle;
  }
  return left;
}

template <typename OnNode, typename OnCall>
void LaneAggregate::cover(std::uint32_t from, std::uint32_t to, OnNode node, OnCall call) const {
  while (from < to) {
    if (from % kFanOut != 0 || to - from < kFanOut) {
      call(from++);
      continue;
    }
    std::size_t level = 0;
    std::uint64_t span = kFanOut;
    while (level + 1 < m_levels.size() && from % (span * kFanOut) == 0 && to - from >= span * kFanOut) {
      span *= kFanOut;
      ++level;
    }
    node(m_levels[level][static_cast<std::size_t>(from / span)]);
    from += static_cast<std::uint32_t>(span);
  }
}

LaneCounts LaneAggregate::counts(const LaneCalls& lane, std::uint32_t from, std::uint32_t to) const {
  LaneCounts sum;
  if (from >= to) return sum;
  sum.calls = to - from;
  cover(
      from, to,
      [&](const Node& node) {
        sum.hidden += node.hidden;
        sum.errors += node.errors;
        sum.edited += node.edited;
      },
      [&](std::uint32_t i) { addMark(lane.marks[i], sum.hidden, sum.errors, sum.edited); });
  return sum;
}

std::optional<std::uint32_t> LaneAggregate::maxLast(const LaneCalls& lane, std::uint32_t from,
                                                    std::uint32_t to) const {
  if (from >= to) return std::nullopt;
  std::uint32_t most = 0;
  cover(
      from, to, [&](const Node& node) { most = std::max(most, node.maxLast); },
      [&](std::uint32_t i) { most = std::max(most, lane.last(i)); });
  return most;
}

std::vector<std::uint32_t> LaneAggregate::reaching(const LaneCalls& lane, std::uint32_t to,
                                                   std::uint32_t position, std::size_t most) const {
  std::vector<std::uint32_t> found;
  if (m_levels.empty()) return found;
  const auto descend = [&](const auto& self, std::size_t level, std::uint32_t block,
                           std::uint64_t span) -> void {
    if (std::uint64_t{block} * span >= to || found.size() >= most) return;
    if (m_levels[level][block].maxLast < position) return;
    if (level > 0) {
      const auto children = static_cast<std::uint32_t>(m_levels[level - 1].size());
      for (std::uint32_t b = block * kFanOut; b < std::min(block * kFanOut + kFanOut, children); ++b)
        self(self, level - 1, b, span / kFanOut);
      return;
    }
    for (std::uint32_t i = block * kFanOut; i < std::min(block * kFanOut + kFanOut, to); ++i)
      if (lane.last(i) >= position && found.size() < most) found.push_back(i);
  };
  std::uint64_t span = kFanOut;
  for (std::size_t level = 1; level < m_levels.size(); ++level) span *= kFanOut;
  descend(descend, m_levels.size() - 1, 0, span);
  return found;
}

std::size_t LaneAggregate::bytes() const {
  std::size_t sum = 0;
  for (const auto& level : m_levels) sum += level.capacity() * sizeof(Node);
  return sum;
}

}  // namespace retake::gui
