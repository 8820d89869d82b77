#include "timeline/lane_columns.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace retake::gui {
namespace {

// On average; below that, spans are slivers that touch each other.
constexpr double kPixelsACall = 6;
// Under way at the left edge: more than these cannot be told apart in any lane.
constexpr std::size_t kMostReaching = 4096;
// Calls a pixel in view, in a lane that is calm elsewhere.
constexpr double kBurst = 1;

}  // namespace

std::vector<LaneColumn> laneColumns(const Lanes& lanes, const Lane& lane, const TimelineGeometry& geometry,
                                    int step, const LaneUse* use) {
  std::vector<LaneColumn> columns(static_cast<std::size_t>(std::ceil(geometry.width() / step)));
  const LaneCalls calls = lanes.callsOf(lane);
  const std::uint32_t number = lanes.numberOf(lane);
  if (use && use->isEmpty()) use = nullptr;
  const auto& tree = lane.aggregate;
  const std::vector<std::uint32_t>& entries = geometry.columnEntries(step);
  std::uint32_t from = tree.lowerBound(calls, entries.front());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const double left = geometry.positionAt(static_cast<double>(c) * step);
    const std::uint32_t to = tree.lowerBound(calls, entries[c + 1], from);
    if (to > from) {
      columns[c].begun = tree.counts(calls, from, to);
      columns[c].active = true;
      columns[c].used = use && use->count(number, from, to) > 0;
    } else {
      const auto last = tree.maxLast(calls, 0, from);
      columns[c].active = last && geometry.endOf(*last) > left;
    }
    from = to;
  }
  return columns;
}

void addColumns(std::vector<LaneColumn>& into, const std::vector<LaneColumn>& columns) {
  into.resize(std::max(into.size(), columns.size()));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    into[c].begun += columns[c].begun;
    into[c].active = into[c].active || columns[c].active;
    into[c].used = into[c].used || columns[c].used;
  }
}

double barHeight(double count, double half) {
  if (count <= 0) return 0;
  return count / (count + std::max(half, 1e-9));
}

bool drawsSpans(const Lanes& lanes, const Lane& lane, const TimelineGeometry& geometry) {
  if (geometry.length() * geometry.scale() < kPixelsACall * static_cast<double>(lane.calls.size()))
    return false;
  const LaneCalls calls = lanes.callsOf(lane);
  const std::uint32_t from = lane.aggregate.lowerBound(calls, geometry.entryFrom(geometry.begin()));
  const std::uint32_t to = lane.aggregate.lowerBound(calls, geometry.entryFrom(geometry.end()), from);
  return to - from <= kBurst * geometry.width();
}

std::vector<std::uint32_t> callsInView(const Lanes& lanes, const Lane& lane,
                                       const TimelineGeometry& geometry) {
  const LaneCalls calls = lanes.callsOf(lane);
  const std::uint32_t left = geometry.entryFrom(geometry.begin());
  const std::uint32_t from = lane.aggregate.lowerBound(calls, left);
  const std::uint32_t to = lane.aggregate.lowerBound(calls, geometry.entryFrom(geometry.end()), from);
  // The entry under the left edge belongs to the view, too.
  auto found = lane.aggregate.reaching(calls, from, left == 0 ? 0 : left - 1, kMostReaching);
  const std::size_t reaching = found.size();
  found.resize(reaching + (to - from));
  std::iota(found.begin() + static_cast<std::ptrdiff_t>(reaching), found.end(), from);
  return found;
}

Span spanOf(const Lanes& lanes, const Lane& lane, std::uint32_t index, const TimelineGeometry& geometry) {
  const LaneCalls calls = lanes.callsOf(lane);
  const double left = geometry.xOf(geometry.beginOf(calls.first(index)));
  const double width = geometry.xOf(geometry.endOf(calls.last(index))) - left;
  // A pixel is left free behind it, so that calls in a row do not run together.
  return {left, width > 2 * kLeastSpan ? width - 1 : std::max(kLeastSpan, width)};
}

}  // namespace retake::gui
