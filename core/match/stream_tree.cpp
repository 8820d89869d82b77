#include "match/stream_tree.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace retake {
namespace {

bool isLess(const MessageKey& a, const MessageKey& b) {
  return std::tie(a.low, a.high) < std::tie(b.low, b.high);
}

bool standsBefore(const StreamVariant& a, const StreamVariant& b) {
  const auto [ours, theirs] =
      std::mismatch(a.leading.begin(), a.leading.end(), b.leading.begin(), b.leading.end());
  if (theirs == b.leading.end()) return ours == a.leading.end() && a.sendNext && !b.sendNext;
  return ours == a.leading.end() || isLess(*ours, *theirs);
}

}  // namespace

StreamTree::StreamTree(const std::vector<StreamVariant>& variants) : m_order(variants.size()) {
  std::iota(m_order.begin(), m_order.end(), 0u);
  std::sort(m_order.begin(), m_order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return standsBefore(variants[a], variants[b]); });

  std::vector<std::size_t> path;  // the nodes above the variant at hand, from the first RECV on
  for (std::uint32_t place = 0; place < m_order.size(); ++place) {
    const auto& leading = variants[m_order[place]].leading;
    std::size_t depth = 0;
    for (; depth < path.size() && depth < leading.size() && m_nodes[path[depth]].key == leading[depth];
         ++depth)
      m_nodes[path[depth]].range.end = place + 1;
    path.resize(depth);
    for (; depth < leading.size(); ++depth) {
      path.push_back(m_nodes.size());
      m_nodes.push_back({leading[depth], {place, place + 1}});
    }
  }
  m_nodes.shrink_to_fit();
  std::sort(m_nodes.begin(), m_nodes.end(),
            [](const Node& a, const Node& b) { return isLess(a.key, b.key); });
}

StreamTree::Range StreamTree::below(std::uint32_t count, const MessageKey& key) const {
  if (count == 0) return {0, static_cast<std::uint32_t>(m_order.size())};
  const auto node = std::lower_bound(m_nodes.begin(), m_nodes.end(), key,
                                     [](const Node& a, const MessageKey& b) { return isLess(a.key, b); });
  return node != m_nodes.end() && node->key == key ? node->range : Range{};
}

}  // namespace retake
