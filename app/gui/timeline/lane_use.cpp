#include "timeline/lane_use.h"

#include <algorithm>
#include <bit>

namespace retake::gui {

void LaneUse::start(const Lanes& lanes) {
  m_bits.clear();
  for (const Lane& lane : lanes.lanes()) m_bits.emplace_back(lane.calls.size() / 64 + 1);
}

void LaneUse::rebuild(const Lanes& lanes, const UsedCalls& used) {
  m_bits.clear();
  if (used.isEmpty()) return;
  start(lanes);
  for (std::uint32_t lane = 0; lane < lanes.lanes().size(); ++lane) {
    const LaneCalls calls = lanes.callsOf(lanes.lanes()[lane]);
    for (std::uint32_t index = 0; index < calls.size(); ++index)
      if (used.contains(lanes.recording().info(calls.first(index)).id)) mark({lane, index});
  }
}

std::vector<std::uint32_t> LaneUse::add(const Lanes& lanes, const std::vector<EntryId>& calls) {
  if (m_bits.empty()) start(lanes);
  std::vector<bool> touched(lanes.lanes().size());
  for (const EntryId id : calls) {
    const auto position = lanes.recording().position(id);
    const auto call = position ? lanes.calls().indexOf(lanes.recording(), *position) : std::nullopt;
    const auto place = call ? lanes.find(*call) : std::nullopt;
    if (!place) continue;
    mark(*place);
    touched[place->lane] = true;
  }
  std::vector<std::uint32_t> changed;
  for (std::uint32_t lane = 0; lane < touched.size(); ++lane)
    if (touched[lane]) changed.push_back(lane);
  return changed;
}

std::uint32_t LaneUse::count(std::uint32_t lane, std::uint32_t from, std::uint32_t to) const {
  if (m_bits.empty() || from >= to) return 0;
  const auto& bits = m_bits[lane];
  const std::uint64_t first = ~std::uint64_t{0} << from % 64;
  const std::uint64_t last = (std::uint64_t{1} << to % 64) - 1;  // none of the word where `to` begins one
  const std::size_t begin = from / 64;
  const std::size_t end = to / 64;
  if (begin == end) return static_cast<std::uint32_t>(std::popcount(bits[begin] & first & last));
  int sum = std::popcount(bits[begin] & first) + std::popcount(bits[end] & last);
  for (std::size_t word = begin + 1; word < end; ++word) sum += std::popcount(bits[word]);
  return static_cast<std::uint32_t>(sum);
}

}  // namespace retake::gui
