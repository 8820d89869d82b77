#include "timeline/lanes.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace retake::gui {
namespace {

constexpr std::uint32_t kNoLane = 0xffffffff;

}  // namespace

std::pair<std::string, std::string> splitMethod(const std::string& method) {
  const std::size_t slash = method.rfind('/');
  if (method.empty() || method[0] != '/' || slash == 0 || slash + 1 == method.size()) return {"", method};
  return {method.substr(1, slash - 1), method.substr(slash + 1)};
}

Lanes::Lanes(std::shared_ptr<const Recording> recording, std::shared_ptr<const Calls> calls)
    : m_recording(std::move(recording)), m_calls(std::move(calls)) {
  m_laneOfMethod.assign(m_recording->methodCount(), kNoLane);
  std::unordered_map<std::string, std::uint32_t> services;
  std::vector<std::uint32_t> counts;
  const std::uint32_t size = m_calls->size();
  for (std::uint32_t c = 0; c < size; ++c) {
    std::uint32_t& lane = m_laneOfMethod[m_recording->info((*m_calls)[c].first).method];
    if (lane == kNoLane) {
      lane = static_cast<std::uint32_t>(m_lanes.size());
      Lane& made = m_lanes.emplace_back();
      made.method = m_recording->methodName(m_recording->info((*m_calls)[c].first).method);
      auto [service, name] = splitMethod(made.method);
      made.name = std::move(name);
      const auto [found, isNew] = services.emplace(service, static_cast<std::uint32_t>(m_services.size()));
      if (isNew) m_services.push_back({service, {}});
      made.service = found->second;
      m_services[found->second].lanes.push_back(lane);
      counts.push_back(0);
    }
    ++counts[lane];
  }
  for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
    m_lanes[lane].calls.reserve(counts[lane]);
    m_lanes[lane].marks.reserve(counts[lane]);
  }
  for (std::uint32_t c = 0; c < size; ++c) {
    const Call call = (*m_calls)[c];
    Lane& lane = m_lanes[m_laneOfMethod[m_recording->info(call.first).method]];
    lane.calls.push_back(c);
    lane.marks.push_back(endMark(call));
  }
  for (std::uint32_t position = 0; position < m_recording->size(); ++position) {
    if (!m_recording->info(position).edited) continue;
    const auto call = m_calls->indexOf(*m_recording, position);
    if (!call) continue;
    const auto place = find(*call);
    m_lanes[place->lane].marks[place->index] |= call_mark::kEdited;
  }
  for (Lane& lane : m_lanes) {
    arrange(lane);
    lane.aggregate.build(callsOf(lane));
  }
}

std::uint8_t Lanes::endMark(const Call& call) const {
  switch (callEnd(*m_recording, call).kind) {
    case CallEnd::Kind::Error:
      return call_mark::kError;
    case CallEnd::Kind::Open:
      return call_mark::kOpen;
    case CallEnd::Kind::Ok:
      break;
  }
  return 0;
}

// The first row that is free, in recorded order: where a call lies does not change with the view.
void Lanes::arrange(Lane& lane) {
  std::array<std::uint64_t, kMostSubRows> freeFrom{};
  const std::uint8_t most = mostSubRows();
  for (std::size_t i = 0; i < lane.calls.size(); ++i) {
    const Call call = (*m_calls)[lane.calls[i]];
    std::uint8_t row = 0;
    while (row < most && freeFrom[row] > call.first) ++row;
    if (row < most) {
      freeFrom[row] = std::uint64_t{call.last()} + 1;
      lane.subRows = std::max(lane.subRows, static_cast<std::uint8_t>(row + 1));
    } else {
      lane.overflows = true;
      row = call_mark::kOverflow;
    }
    lane.marks[i] = static_cast<std::uint8_t>((lane.marks[i] & ~call_mark::kSubRow) | row);
  }
}

std::uint8_t Lanes::mostSubRows() const {
  const auto lanes = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(m_lanes.size()));
  return static_cast<std::uint8_t>(std::clamp(kSubRowsOfAll / lanes, kLeastSubRows, kMostSubRows));
}

LaneCounts Lanes::total() const {
  LaneCounts sum;
  for (const Lane& lane : m_lanes)
    sum += lane.aggregate.counts(callsOf(lane), 0, static_cast<std::uint32_t>(lane.calls.size()));
  return sum;
}

std::optional<Lanes::Place> Lanes::find(std::uint32_t call) const {
  if (call >= m_calls->size()) return std::nullopt;
  const std::uint32_t lane = m_laneOfMethod[m_recording->info((*m_calls)[call].first).method];
  const auto& calls = m_lanes[lane].calls;
  const auto at = std::lower_bound(calls.begin(), calls.end(), call);
  return Place{lane, static_cast<std::uint32_t>(at - calls.begin())};
}

std::uint8_t Lanes::markOf(std::uint32_t call) const {
  const auto place = find(call);
  return place ? m_lanes[place->lane].marks[place->index] : std::uint8_t{0};
}

std::vector<std::uint32_t> Lanes::update(std::shared_ptr<const Recording> recording,
                                         std::shared_ptr<const Calls> calls,
                                         const std::vector<EntryId>& entries) {
  m_recording = std::move(recording);
  m_calls = std::move(calls);
  std::vector<std::uint32_t> changed;
  for (const EntryId id : entries) {
    const auto position = m_recording->position(id);
    const auto call = position ? m_calls->indexOf(*m_recording, *position) : std::nullopt;
    const auto place = call ? find(*call) : std::nullopt;
    if (!place) continue;
    const Call at = (*m_calls)[*call];
    bool edited = m_recording->info(at.first).edited;
    for (const std::uint32_t p : at.rest) edited = edited || m_recording->info(p).edited;
    Lane& lane = m_lanes[place->lane];
    std::uint8_t& mark = lane.marks[place->index];
    const auto kept = static_cast<std::uint8_t>(mark & (call_mark::kSubRow | call_mark::kHidden));
    mark = static_cast<std::uint8_t>(kept | endMark(at) | (edited ? call_mark::kEdited : 0));
    lane.aggregate.update(callsOf(lane), place->index);
    if (std::find(changed.begin(), changed.end(), place->lane) == changed.end())
      changed.push_back(place->lane);
  }
  return changed;
}

bool Lanes::setShown(const std::function<bool(std::uint32_t call)>& shown) {
  m_filtered = true;
  bool any = false;
  for (Lane& lane : m_lanes) {
    bool changed = false;
    for (std::size_t i = 0; i < lane.calls.size(); ++i) {
      const std::uint8_t hidden = shown(lane.calls[i]) ? 0 : call_mark::kHidden;
      if ((lane.marks[i] & call_mark::kHidden) == hidden) continue;
      lane.marks[i] ^= call_mark::kHidden;
      changed = true;
    }
    if (changed) lane.aggregate.build(callsOf(lane));
    any = any || changed;
  }
  return any;
}

bool Lanes::showAll() {
  if (!m_filtered) return false;
  const bool any = setShown([](std::uint32_t) { return true; });
  m_filtered = false;
  return any;
}

std::optional<std::uint32_t> Lanes::nextMarked(std::uint8_t mark, std::optional<std::uint32_t> after,
                                               bool forward) const {
  // Two candidates: the nearest in the direction asked for, and the one to start over with.
  std::optional<std::uint32_t> nearest;
  std::optional<std::uint32_t> outermost;
  const auto closer = [forward](std::uint32_t a, const std::optional<std::uint32_t>& b) {
    return !b || (forward ? a < *b : a > *b);
  };
  for (const Lane& lane : m_lanes) {
    for (std::size_t i = 0; i < lane.calls.size(); ++i) {
      if (!(lane.marks[i] & mark) || (lane.marks[i] & call_mark::kHidden)) continue;
      const std::uint32_t call = lane.calls[i];
      if (closer(call, outermost)) outermost = call;
      const bool ahead = !after || (forward ? call > *after : call < *after);
      if (ahead && closer(call, nearest)) nearest = call;
    }
  }
  return nearest ? nearest : outermost;
}

}  // namespace retake::gui
