#include "timeline/minimap_density.h"

#include <algorithm>
#include <utility>

namespace retake::gui {

std::uint32_t MinimapDensity::binOf(std::uint32_t position) const {
  if (m_times) {
    const double share = static_cast<double>(m_times->at(position)) / static_cast<double>(m_times->length());
    return std::min(m_bins - 1, static_cast<std::uint32_t>(share * m_bins));
  }
  return m_total == 0 ? 0 : static_cast<std::uint32_t>(std::uint64_t{position} * m_bins / m_total);
}

std::uint32_t MinimapDensity::rowOf(std::uint32_t lane) const {
  return m_lanes <= kMostRows ? lane : static_cast<std::uint32_t>(std::uint64_t{lane} * m_rows / m_lanes);
}

MinimapDensity::MinimapDensity(const Lanes& lanes, std::shared_ptr<const EntryTimes> times)
    : m_total(lanes.recording().size()),
      m_times(std::move(times)),
      m_lanes(static_cast<std::uint32_t>(lanes.lanes().size())),
      m_bins(m_times ? kMostBins : std::min(m_total, kMostBins)),
      m_rows(std::min(m_lanes, kMostRows)) {
  m_calls.assign(std::size_t{m_rows} * m_bins, 0);
  m_begun.assign(std::size_t{m_rows} * m_bins, 0);
  m_most.assign(m_rows, 0);
  m_errors.assign(m_bins, 0);
  m_edited.assign(m_bins, 0);
  // Where calls begin and end first, then the running sum: a long call costs no more than a short one.
  std::vector<std::int64_t> steps(std::size_t{m_rows} * (m_bins + 1), 0);
  for (std::uint32_t l = 0; l < m_lanes; ++l) {
    const Lane& lane = lanes.lanes()[l];
    const LaneCalls calls = lanes.callsOf(lane);
    std::int64_t* row = steps.data() + std::size_t{rowOf(l)} * (m_bins + 1);
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
      if (lane.marks[i] & call_mark::kHidden) continue;
      const Call call = lanes.calls()[lane.calls[i]];
      const std::uint32_t end = binOf(call.last());
      const std::uint32_t begin = binOf(call.first);
      ++m_begun[std::size_t{rowOf(l)} * m_bins + begin];
      ++row[begin];
      --row[end + 1];
      if (lane.marks[i] & call_mark::kError) ++m_errors[end];
      if (lane.marks[i] & call_mark::kEdited) ++m_edited[end];
    }
  }
  for (std::uint32_t r = 0; r < m_rows; ++r) {
    std::int64_t sum = 0;
    for (std::uint32_t b = 0; b < m_bins; ++b) {
      sum += steps[std::size_t{r} * (m_bins + 1) + b];
      m_calls[std::size_t{r} * m_bins + b] = static_cast<std::uint32_t>(sum);
      m_most[r] = std::max(m_most[r], static_cast<std::uint32_t>(sum));
    }
  }
}

void MinimapDensity::change(const Call& call, std::uint8_t before, std::uint8_t after) {
  if ((before | after) & call_mark::kHidden) return;
  const std::uint32_t bin = binOf(call.last());
  const auto step = [&](std::vector<std::uint32_t>& counts, std::uint8_t mark) {
    if ((before & mark) && !(after & mark)) --counts[bin];
    if (!(before & mark) && (after & mark)) ++counts[bin];
  };
  step(m_errors, call_mark::kError);
  step(m_edited, call_mark::kEdited);
}

}  // namespace retake::gui
