#include "timeline/call_hit.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace retake::gui {
namespace {

constexpr std::size_t kMostCandidates = 4096;

std::optional<std::uint32_t> tickAt(const Call& call, const TimelineGeometry& geometry, double x) {
  if (!call.isStream()) return std::nullopt;
  std::optional<std::uint32_t> best;
  double distance = kHitTolerance;
  const auto consider = [&](std::uint32_t position) {
    const double left = geometry.xOf(geometry.beginOf(position));
    const double off = std::max({0.0, left - x, x - geometry.xOf(geometry.endOf(position))});
    if (off < distance) {
      distance = off;
      best = position;
    }
  };
  const double position = geometry.positionAt(x);
  const auto after = std::lower_bound(call.rest.begin(), call.rest.end(), position,
                                      [&](std::uint32_t p, double at) { return geometry.beginOf(p) < at; });
  if (after != call.rest.begin()) consider(*(after - 1));
  if (after != call.rest.end()) consider(*after);
  return best;
}

}  // namespace

std::optional<CallHit> hitCall(const Lanes& lanes, const Lane& lane, const TimelineGeometry& geometry,
                               double x, std::optional<std::uint8_t> subRow) {
  const LaneCalls calls = lanes.callsOf(lane);
  const double tolerance = kHitTolerance / geometry.scale();
  const double position = geometry.positionAt(x);
  const double left = position - tolerance;
  const auto to = lane.aggregate.lowerBound(calls, geometry.entryFrom(position + tolerance));
  // The entry under `left` belongs to it, too.
  const std::uint32_t behind = geometry.entryFrom(left);
  const std::uint32_t reach = behind == 0 ? 0 : behind - 1;
  std::optional<std::uint32_t> best;
  // Hidden last, failed first where there is no sub-row to go by, then the nearest, then the shortest.
  std::tuple<bool, bool, double, std::uint32_t> rank;
  for (const std::uint32_t i : lane.aggregate.reaching(calls, to, reach, kMostCandidates)) {
    const std::uint8_t mark = lane.marks[i];
    if (subRow && (mark & call_mark::kSubRow) != *subRow) continue;
    const double first = geometry.beginOf(calls.first(i));
    const double end = geometry.endOf(calls.last(i));
    const double off = std::max({0.0, first - position, position - end});
    if (off > tolerance) continue;
    const std::tuple<bool, bool, double, std::uint32_t> its{(mark & call_mark::kHidden) != 0,
                                                            !subRow && !(mark & call_mark::kError), off,
                                                            calls.last(i) - calls.first(i)};
    if (best && !(its < rank)) continue;
    best = i;
    rank = its;
  }
  if (!best) return std::nullopt;
  const std::uint32_t call = lane.calls[*best];
  return CallHit{call, tickAt(lanes.calls()[call], geometry, x)};
}

std::optional<std::uint32_t> nearestCall(const Lanes& lanes, const Lane& lane, double position) {
  const LaneCalls calls = lanes.callsOf(lane);
  const double top = static_cast<double>(lanes.recording().size());
  const auto at = static_cast<std::uint32_t>(std::clamp(std::ceil(position), 0.0, top));
  const auto shown = [&](std::uint32_t i) { return !(lane.marks[i] & call_mark::kHidden); };
  std::uint32_t after = lane.aggregate.lowerBound(calls, at);
  std::uint32_t before = after;  // one behind the one meant
  while (after < calls.size() && !shown(after)) ++after;
  while (before > 0 && !shown(before - 1)) --before;
  if (before == 0) return after < calls.size() ? std::optional(lane.calls[after]) : std::nullopt;
  if (after == calls.size()) return lane.calls[before - 1];
  const bool nearer = position - calls.first(before - 1) <= calls.first(after) - position;
  return lane.calls[nearer ? before - 1 : after];
}

}  // namespace retake::gui
