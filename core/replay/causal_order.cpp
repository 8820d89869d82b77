#include "replay/causal_order.h"

#include <algorithm>

namespace retake {
namespace {

void wakeAll(const std::vector<std::shared_ptr<Waker>>& wakers) {
  for (const auto& waker : wakers)
    if (waker) waker->wake();
}

}  // namespace

std::shared_ptr<CausalOrder::Snapshot> CausalOrder::follow(std::shared_ptr<const Recording> recording,
                                                           std::shared_ptr<const Calls> calls,
                                                           std::shared_ptr<const MatchIndex> index,
                                                           const std::function<bool(EntryId)>& isUsed) {
  auto snapshot = std::make_shared<Snapshot>(std::move(recording), std::move(calls), std::move(index));
  // Whoever takes a call from here on says so; whoever took one before is seen by isUsed.
  const bool first = !m_followed.exchange(true, std::memory_order_acq_rel);
  std::vector<EntryId> sent;
  if (first)
    for (std::uint32_t number = 0; number < snapshot->m_calls->size(); ++number) {
      const Call call = (*snapshot->m_calls)[number];
      const EntryId id = snapshot->m_recording->info(call.first).id;
      if (!isUsed(id)) continue;
      sent.push_back(id);
      for (const std::uint32_t position : call.rest) sent.push_back(snapshot->m_recording->info(position).id);
    }
  const std::lock_guard lock(m_mutex);
  for (const EntryId id : sent) settle(id);
  std::erase_if(m_snapshots, [](const auto& known) { return known.expired(); });
  m_snapshots.push_back(snapshot);
  Wakers nobody;
  advance(*snapshot, nullptr, nobody);
  return snapshot;
}

void CausalOrder::settle(EntryId id) {
  if (id.value >= m_settled.size())
    m_settled.resize(std::max<std::size_t>(std::size_t{id.value} + 1, m_settled.size() * 2));
  m_settled[id.value] = true;
}

bool CausalOrder::isAwaited(const Snapshot& snapshot, std::uint32_t position) const {
  const EntryInfo info = snapshot.m_recording->info(position);
  const bool fromClient =
      info.kind == EntryKind::Request || info.kind == EntryKind::CreateStream || info.kind == EntryKind::Send;
  if (!fromClient || info.isError || isSettled(info.id)) return false;
  const auto call = snapshot.m_calls->indexOf(*snapshot.m_recording, position);
  return call && !snapshot.m_index->isLeftOut(*call);
}

void CausalOrder::advance(Snapshot& snapshot, const CausalPlace* self, Wakers& wakers) {
  std::uint32_t at = snapshot.m_frontier.load(std::memory_order_relaxed);
  while (at < snapshot.m_recording->size() && !isAwaited(snapshot, at)) ++at;
  snapshot.m_frontier.store(at, std::memory_order_release);
  while (!snapshot.m_waiting.empty() && snapshot.m_waiting.begin()->first <= at) {
    CausalPlace& place = *snapshot.m_waiting.begin()->second;
    snapshot.m_waiting.erase(snapshot.m_waiting.begin());
    place.m_waits = false;
    if (&place != self) wakers.push_back(place.m_waker);
  }
}

void CausalOrder::advanceAll(const CausalPlace* self, Wakers& wakers) {
  for (const auto& known : m_snapshots)
    if (const auto snapshot = known.lock()) advance(*snapshot, self, wakers);
}

void CausalOrder::settle(const std::vector<EntryId>& entries, const CausalPlace* self) {
  Wakers wakers;
  {
    const std::lock_guard lock(m_mutex);
    for (const EntryId id : entries) settle(id);
    advanceAll(self, wakers);
  }
  wakeAll(wakers);
}

void CausalOrder::settleFirst(Snapshot& snapshot, std::span<const MatchIndex::Slot> slots,
                              std::uint32_t queue, const CausalPlace* self) {
  Wakers wakers;
  {
    const std::lock_guard lock(m_mutex);
    std::uint32_t& at = snapshot.m_opened[queue];
    while (at < slots.size() && isSettled(slots[at].id)) ++at;
    if (at == slots.size()) return;
    settle(slots[at].id);
    advanceAll(self, wakers);
  }
  wakeAll(wakers);
}

std::optional<CausalOrder::GivenUp> CausalOrder::giveUpBefore(Snapshot& snapshot, std::uint32_t position,
                                                              const CausalPlace* self) {
  GivenUp given;
  Wakers wakers;
  {
    const std::lock_guard lock(m_mutex);
    for (std::uint32_t at = snapshot.m_frontier; at < position; ++at) {
      if (!isAwaited(snapshot, at)) continue;
      if (given.count++ == 0) given.first = at;
      settle(snapshot.m_recording->info(at).id);
    }
    if (given.count == 0) return std::nullopt;
    advanceAll(self, wakers);
  }
  wakeAll(wakers);
  return given;
}

void CausalOrder::reset() {
  const std::lock_guard lock(m_mutex);
  m_settled.clear();
  for (const auto& known : m_snapshots)
    if (const auto snapshot = known.lock()) {
      snapshot->m_frontier = 0;
      snapshot->m_opened.clear();
      Wakers nobody;  // whose answer was due a moment ago finds out by itself
      advance(*snapshot, nullptr, nobody);
    }
}

bool CausalPlace::lets(std::uint32_t position, const WakerSource& waker) {
  CausalOrder::Snapshot& snapshot = *m_snapshot;
  if (!m_asked && snapshot.m_frontier.load(std::memory_order_acquire) >= position) return true;
  const std::lock_guard lock(m_order.m_mutex);
  m_asked = true;
  if (m_waits) snapshot.m_waiting.erase(m_at);
  m_waits = false;
  if (snapshot.m_frontier.load(std::memory_order_relaxed) >= position) {
    m_asked = false;
    return true;
  }
  if (!m_waker && waker) m_waker = waker();
  m_at = snapshot.m_waiting.emplace(position, this);
  m_waits = true;
  return false;
}

void CausalPlace::leave() {
  if (!m_asked) return;
  const std::lock_guard lock(m_order.m_mutex);
  if (m_waits) m_snapshot->m_waiting.erase(m_at);
  m_waits = false;
  m_asked = false;
}

}  // namespace retake
