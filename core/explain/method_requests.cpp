#include "explain/method_requests.h"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <unordered_set>

#include "explain/comparison.h"
#include "explain/told_message.h"
#include "match/match_index.h"

namespace retake {
namespace {

// Calls whose leaves are looked at, and those of them that are compared field by field. Sketches of 16 bits
// a lane mistake one call in 65,536 for nearer than it is: of a million that is 16 for each lane.
constexpr std::size_t kRanked = 256;
constexpr std::size_t kCompared = 16;
// Bytes of messages that are read for either; at least kAtLeast calls are.
constexpr std::size_t kRankedBytes = 4 << 20;
constexpr std::size_t kComparedBytes = 512 << 10;
constexpr std::size_t kAtLeast = 3;
// How often it is asked whether a call is used: each takes a lock. Of more calls that are equally near some
// are asked, evenly.
constexpr std::size_t kMaxAsked = 15'000;

// The part of leaves that a near call shares.
constexpr double kNear = 0.3;

bool byValue(const LeafHash& a, const LeafHash& b) { return a.value < b.value; }

}  // namespace

std::optional<std::uint32_t> clientMessage(const Recording& recording, const Call& call,
                                           std::uint32_t number) {
  if (!call.isStream()) return number == 1 ? std::optional(call.first) : std::nullopt;
  for (const std::uint32_t position : call.rest) {
    const EntryInfo info = recording.info(position);
    if (info.kind == EntryKind::Send && !info.isError && --number == 0) return position;
  }
  return std::nullopt;
}

MethodRequests::MethodRequests(const Recording& recording, const Calls& calls, const Schema& schema,
                               const std::string& method, FieldPathSet ignore, ToldMessage told)
    : m_recording(recording),
      m_calls(calls),
      m_schema(schema),
      m_ignore(std::move(ignore)),
      m_told(std::move(told)) {
  m_type = messageTypeOf(schema, {}, method);
  std::uint32_t number = 0;
  while (number < recording.methodCount() && recording.methodName(number) != method) ++number;
  for (std::uint32_t index = 0; index < calls.size(); ++index) {
    const Call call = calls[index];
    if (recording.info(call.first).method != number) continue;
    const auto position = clientMessage(recording, call, 1);
    if (!position) continue;
    const auto entry = recording.entry(*position);
    if (!entry) continue;
    const auto* type = messageTypeOf(schema, entry->fields.typeUrl, method);
    if (!m_type) m_type = type;
    if (isScrubbed(recording, *position)) ++m_scrubbedCount;
    std::string storage;
    m_sketches.push_back(
        sketchOf(leafHashes(schema, type, this->told(*entry, *position, storage), m_ignore)));
    m_callNumbers.push_back(index);
  }
}

std::string_view MethodRequests::told(const Entry& entry, std::uint32_t position,
                                      std::string& storage) const {
  auto changed = m_told ? m_told(position) : std::nullopt;
  if (!changed) return entry.fields.message;
  storage = *std::move(changed);
  return storage;
}

std::vector<MethodRequests::Candidate> MethodRequests::candidates(
    const RequestSketch& sent, const std::function<bool(EntryId)>& isUsed,
    const std::function<bool(std::uint32_t)>& otherMetadata) const {
  std::vector<std::uint8_t> distances(m_sketches.size());
  std::array<std::size_t, RequestSketch::kLanes + 1> counts{};
  for (std::size_t i = 0; i < m_sketches.size(); ++i) {
    const unsigned distance = sketchDistance(m_sketches[i], sent);
    distances[i] = static_cast<std::uint8_t>(distance);
    ++counts[distance];
  }
  std::vector<Candidate> found;
  std::size_t asked = 0;
  for (std::size_t level = 0; level < counts.size() && found.size() < kRanked; ++level) {
    if (counts[level] == 0) continue;
    // Unused ones with the same metadata first; of equal messages one is enough.
    std::vector<Candidate> later;
    std::array<std::unordered_set<std::uint64_t>, 4> seen;
    const std::size_t step = 1 + counts[level] / kMaxAsked;
    std::size_t number = 0;
    for (std::size_t i = 0; i < distances.size() && found.size() < kRanked; ++i) {
      if (distances[i] != level || number++ % step != 0) continue;
      if (++asked > 2 * kMaxAsked) break;
      const std::uint32_t call = m_callNumbers[i];
      const bool isTaken = isUsed && isUsed(m_recording.info(m_calls[call].first).id);
      const bool isOther = otherMetadata && otherMetadata(call);
      const bool isLater = isTaken || isOther;
      if (isLater && later.size() >= kRanked) continue;
      const auto& lanes = m_sketches[i].lanes;
      const std::uint64_t key = lanes[0] * 3 + lanes[1] * 5 + lanes[2] * 7 + lanes[3] * 11;
      if (!seen[(isTaken ? 1 : 0) + (isOther ? 2 : 0)].insert(key).second) continue;
      (isLater ? later : found).push_back({.call = call, .used = isTaken, .otherMetadata = isOther});
    }
    for (const Candidate& one : later)
      if (found.size() < kRanked) found.push_back(one);
  }
  return found;
}

void MethodRequests::rankByLeaves(std::vector<Candidate>& candidates,
                                  const std::vector<LeafHash>& sent) const {
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (Candidate& candidate : candidates) {
    if (count >= kAtLeast && bytes > kRankedBytes) break;
    ++count;
    const std::uint32_t position = *clientMessage(m_recording, m_calls[candidate.call], 1);
    const auto entry = m_recording.entry(position);
    if (!entry) continue;
    bytes += entry->fields.message.size();
    const auto* type = messageTypeOf(m_schema, entry->fields.typeUrl, entry->callMethod);
    std::string storage;
    auto leaves = leafHashes(m_schema, type, told(*entry, position, storage), m_ignore);
    std::sort(leaves.begin(), leaves.end(), byValue);
    candidate.leaves = leafDistance(leaves, sent);
  }
  candidates.resize(count);
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.leaves, a.otherMetadata, a.used, a.call) <
           std::tuple(b.leaves, b.otherMetadata, b.used, b.call);
  });
  if (candidates.size() > kCompared) candidates.resize(kCompared);
}

void MethodRequests::compareAll(std::vector<Candidate>& candidates, ByteView sent) const {
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (Candidate& candidate : candidates) {
    if (count >= kAtLeast && bytes > kComparedBytes) break;
    ++count;
    const std::uint32_t position = *clientMessage(m_recording, m_calls[candidate.call], 1);
    const auto entry = m_recording.entry(position);
    if (!entry) continue;
    if (entry->fields.message.size() > kMaxCompared) continue;  // not compared: nobody knows
    bytes += entry->fields.message.size() + sent.size();
    const auto* type = messageTypeOf(m_schema, entry->fields.typeUrl, entry->callMethod);
    std::string storage;
    const Comparison comparison = compare(m_schema, type, told(*entry, position, storage), sent, m_ignore, 0);
    candidate.distance = comparison.distance;
    candidate.likeness = comparison.likeness;
    candidate.isNear = comparison.nearness() >= kNear ||
                       (comparison.count() <= 1 && (comparison.same > 0 || comparison.distance < 2));
    candidate.sameSize = comparison.sameSize;
  }
  candidates.resize(count);
}

std::optional<std::uint32_t> MethodRequests::nearest(
    ByteView sent, const std::function<bool(EntryId)>& isUsed,
    const std::function<bool(std::uint32_t)>& otherMetadata) const {
  if (sent.size() > kMaxCompared) return std::nullopt;
  std::vector<LeafHash> leaves = leafHashes(m_schema, m_type, sent, m_ignore);
  std::vector<Candidate> found = candidates(sketchOf(leaves), isUsed, otherMetadata);
  std::sort(leaves.begin(), leaves.end(), byValue);
  rankByLeaves(found, leaves);
  compareAll(found, sent);
  std::erase_if(found, [](const Candidate& one) { return !one.isNear; });
  if (found.empty()) return std::nullopt;
  const auto order = [](const Candidate& one) {
    return std::tuple(one.distance + (one.otherMetadata ? 1 : 0), one.used,
                      std::numeric_limits<std::size_t>::max() - one.sameSize, -one.likeness, one.call);
  };
  return std::min_element(found.begin(), found.end(),
                          [&](const Candidate& a, const Candidate& b) { return order(a) < order(b); })
      ->call;
}

}  // namespace retake
