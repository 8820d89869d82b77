#include "timeline/lane_layout.h"

#include <algorithm>

namespace retake::gui {

LaneLayout::LaneLayout(const Lanes& lanes, const std::vector<bool>& collapsed, const LaneMetrics& metrics)
    : m_metrics(metrics) {
  m_rowOfLane.assign(lanes.lanes().size(), 0);
  for (std::uint32_t s = 0; s < lanes.services().size(); ++s) {
    const bool closed = s < collapsed.size() && collapsed[s];
    m_rows.push_back(
        {.isService = true, .index = s, .collapsed = closed, .top = m_height, .height = metrics.service});
    m_height += metrics.service;
    for (const std::uint32_t l : lanes.services()[s].lanes) {
      m_rowOfLane[l] = m_rows.size() - (closed ? 1 : 0);
      if (closed) continue;
      const Lane& lane = lanes.lanes()[l];
      const int height = 2 * metrics.padding + lane.subRows * (spanHeight(lane) + metrics.gap) - metrics.gap +
                         (lane.overflows ? metrics.overflow : 0);
      m_rows.push_back({.isService = false, .index = l, .top = m_height, .height = height});
      m_height += height;
    }
  }
}

std::optional<std::size_t> LaneLayout::rowAt(int y) const {
  if (y < 0 || y >= m_height) return std::nullopt;
  const auto after = std::upper_bound(m_rows.begin(), m_rows.end(), y,
                                      [](int at, const LaneRow& row) { return at < row.top; });
  return static_cast<std::size_t>(after - m_rows.begin()) - 1;
}

std::optional<std::size_t> LaneLayout::rowOfLane(std::uint32_t lane) const {
  if (lane >= m_rowOfLane.size()) return std::nullopt;
  return m_rowOfLane[lane];
}

int LaneLayout::subRowTop(const Lane& lane, std::uint8_t subRow) const {
  const int rows = subRow == call_mark::kOverflow ? lane.subRows : subRow;
  const int top = m_metrics.padding + rows * (spanHeight(lane) + m_metrics.gap);
  return subRow == call_mark::kOverflow ? top - m_metrics.gap : top;
}

std::uint8_t LaneLayout::subRowAt(const Lane& lane, int y) const {
  const int row = std::max(0, (y - m_metrics.padding) / (spanHeight(lane) + m_metrics.gap));
  if (row < lane.subRows) return static_cast<std::uint8_t>(row);
  return lane.overflows ? call_mark::kOverflow : static_cast<std::uint8_t>(lane.subRows - 1);
}

LaneLayout LaneLayout::fitting(const Lanes& lanes, const std::vector<bool>& collapsed, LaneMetrics metrics,
                               int height) {
  const auto stacked = [&](int each) {
    metrics.stacked = each;
    return LaneLayout(lanes, collapsed, metrics);
  };
  // With half of the height there is no room for words any more; four pixels can still be hit.
  for (const int each : {metrics.span, metrics.span / 2, 6, 4})
    if (LaneLayout layout = stacked(each); layout.height() <= height) return layout;
  return stacked(metrics.span / 2);
}

}  // namespace retake::gui
