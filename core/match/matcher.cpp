#include "match/matcher.h"

#include <algorithm>
#include <utility>

namespace retake {

// Which slots of a queue will do: all, or streams that begin with what the client got already.
struct Matcher::Filter {
  const MatchIndex::Method* method = nullptr;
  SharedRecvs got = {};
  bool recvNext = false;  // only what goes on with a RECV or the end

  bool passesAll() const { return got.count == 0 && !recvNext; }
  bool passes(const MatchIndex::Variant& variant) const {
    if (variant.leading.size() < got.count) return false;
    if (got.count > 0 && variant.leading[got.count - 1] != got.key) return false;
    return !recvNext || variant.leading.size() > got.count || !variant.sendNext;
  }
  bool passes(const Slot& slot) const { return passesAll() || passes(method->variants[slot.variant]); }
};

namespace {

constexpr std::uint32_t kNone = MatchIndex::kNone;

}  // namespace

void Matcher::sync(MatchCursors& in) const {
  if (in.generation == m_generation) return;
  in.generation = m_generation;
  in.cursors.assign(in.index->queueCount(), {});
}

const Matcher::Slot* Matcher::unused(MatchCursors& in, std::uint32_t queue, const Filter& filter) const {
  if (queue == kNone) return nullptr;
  const auto slots = in.index->queue(queue);
  auto& cursor = in.cursors[queue];
  while (cursor.at < slots.size() && uses(slots[cursor.at].id) > cursor.round) ++cursor.at;
  for (std::size_t at = cursor.at; at < slots.size(); ++at)
    if (uses(slots[at].id) <= cursor.round && filter.passes(slots[at])) return &slots[at];
  return nullptr;
}

// With Reuse::Cycle: until something in `queue` is unused. Other queues may have used these oftener than
// this one went round.
void Matcher::goRound(MatchCursors& in, std::uint32_t queue) const {
  if (queue == kNone || m_reuse != Reuse::Cycle) return;
  auto& cursor = in.cursors[queue];
  while (!unused(in, queue, {})) cursor = {.at = 0, .round = cursor.round + 1};
}

// The first of these places of the tree whose variant has something unused, or their end. What is used up
// is passed once: the way over it is kept, and shortened each time it is gone.
std::uint32_t Matcher::unusedPlace(MatchCursors& in, const MatchIndex::Method& method,
                                   StreamTree::Range places) const {
  const auto queueAt = [&](std::uint32_t place) { return method.variants[method.tree[place]].queue; };
  // Variants go round together with the queue of all.
  const std::uint32_t round = in.cursors[method.all].round;
  std::uint32_t found = places.begin;
  while (found < places.end) {
    const std::uint32_t queue = queueAt(found);
    auto& cursor = in.cursors[queue];
    if (cursor.round < round) cursor = {.at = 0, .round = round};
    if (cursor.skip == 0) {
      if (unused(in, queue, {})) break;
      cursor.skip = found + 1;
    }
    found = cursor.skip;
  }
  for (std::uint32_t place = places.begin; place < found;)
    place = std::exchange(in.cursors[queueAt(place)].skip, found);
  return std::min(found, places.end);
}

// What answers when nothing unused is left in `queue`.
const Matcher::Slot* Matcher::again(MatchCursors& in, std::uint32_t queue, const Filter& filter) const {
  if (queue == kNone || m_reuse == Reuse::Once) return nullptr;
  if (filter.passesAll() && m_reuse == Reuse::Cycle) {
    goRound(in, queue);
    return unused(in, queue, filter);
  }
  const auto slots = in.index->queue(queue);
  if (m_reuse == Reuse::Last) {
    const auto last =
        std::find_if(slots.rbegin(), slots.rend(), [&](const Slot& slot) { return filter.passes(slot); });
    return last == slots.rend() ? nullptr : &*last;
  }
  const Slot* found = nullptr;
  for (const Slot& slot : slots)
    if (filter.passes(slot) && (!found || uses(slot.id) < uses(found->id))) found = &slot;
  return found;
}

Matcher::Taken Matcher::take(const Slot& slot, bool guessed, std::uint64_t usedBy) {
  if (slot.id.value >= m_uses.size())
    m_uses.resize(std::max<std::size_t>(std::size_t{slot.id.value} + 1, m_uses.size() * 2));
  Use& use = m_uses[slot.id.value];
  ++use.count;
  use.by = usedBy;
  return {.id = slot.id, .call = slot.call, .guessed = guessed};
}

Miss Matcher::usedUp(const MatchIndex& index, std::uint32_t queue) const {
  const auto slots = index.queue(queue);
  const Slot& last = slots.back();
  return {.why = Miss::Why::UsedUp,
          .recorded = static_cast<std::uint32_t>(slots.size()),
          .callNumber = last.call + 1,
          .usedBy = last.id.value < m_uses.size() ? m_uses[last.id.value].by : 0};
}

Matcher::Answer Matcher::takeUnary(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                                   ByteView message, std::uint64_t usedBy) {
  Miss miss{.why = Miss::Why::NothingEqual, .recorded = method.unary.count};
  const auto types = static_cast<std::uint32_t>(method.unary.types.size());
  for (std::uint32_t type = 0; type < types; ++type) {
    const MatchIndex::Place place = in.index->find(schema, method.unary, type, message);
    if (place.exact == kNone && place.guessed == kNone) continue;
    const std::lock_guard lock(m_mutex);
    sync(in);
    if (const Slot* slot = unused(in, place.exact, {})) return take(*slot, false, usedBy);
    if (const Slot* slot = unused(in, place.guessed, {})) return take(*slot, true, usedBy);
    const bool exact = place.exact != kNone;
    const std::uint32_t queue = exact ? place.exact : place.guessed;
    if (const Slot* slot = again(in, queue, {})) return take(*slot, !exact, usedBy);
    miss = usedUp(*in.index, queue);
  }
  return miss;
}

Matcher::Answer Matcher::takeStream(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                                    const SharedRecvs& got, ByteView message, std::uint64_t usedBy) {
  const Filter filter{.method = &method, .got = got};
  MatchIndex::Place place;
  const auto types = static_cast<std::uint32_t>(method.streams.types.size());
  for (std::uint32_t type = 0; type < types && place.exact == kNone && place.guessed == kNone; ++type)
    place = in.index->find(schema, method.streams, type, message);

  const std::lock_guard lock(m_mutex);
  sync(in);
  const auto earlier = [](const Slot* a, const Slot* b) { return b && (!a || b->call < a->call) ? b : a; };
  const Slot* slot = unused(in, place.exact, filter);
  bool guessed = false;
  if (!slot) {
    slot = unused(in, place.guessed, filter);
    guessed = slot != nullptr;
  }
  const Slot* silent = unused(in, method.withoutSends, filter);
  if (const Slot* best = earlier(slot, silent)) return take(*best, guessed && best == slot, usedBy);

  const std::uint32_t equal = place.exact != kNone ? place.exact : place.guessed;
  slot = again(in, equal, filter);
  guessed = slot && place.exact == kNone;
  silent = again(in, method.withoutSends, filter);
  // The last of both with Reuse::Last; with Reuse::Cycle the one that was used less, then the earlier.
  if (slot && silent) {
    const bool later = m_reuse == Reuse::Last;
    const bool takeSilent = later ? silent->call > slot->call
                                  : uses(silent->id) < uses(slot->id) ||
                                        (uses(silent->id) == uses(slot->id) && silent->call < slot->call);
    return takeSilent ? take(*silent, false, usedBy) : take(*slot, guessed, usedBy);
  }
  if (slot) return take(*slot, guessed, usedBy);
  if (silent) return take(*silent, false, usedBy);
  if (equal != kNone) return usedUp(*in.index, equal);
  if (method.withoutSends != kNone) return usedUp(*in.index, method.withoutSends);
  return Miss{.why = Miss::Why::NothingEqual, .recorded = method.streams.count};
}

Matcher::Outlook Matcher::outlook(MatchCursors& in, const MatchIndex::Method& method,
                                  const SharedRecvs& got) {
  if (method.all == kNone) return {};
  const std::lock_guard lock(m_mutex);
  sync(in);
  if (!unused(in, method.all, {})) {
    const Slot* next = again(in, method.all, {});
    if (!next) return {};
    if (m_reuse == Reuse::Last) {
      const MatchIndex::Variant& variant = method.variants[next->variant];
      if (!Filter{.method = &method, .got = got}.passes(variant)) return {};
      if (variant.leading.size() > got.count) return {.next = Next::Recv, .call = next->call};
      return {.next = variant.sendNext ? Next::Send : Next::Differ};
    }
  }

  bool send = false;
  bool differ = false;
  const Slot* recv = nullptr;
  const StreamTree::Range places = method.tree.below(got.count, got.key);
  for (std::uint32_t at = unusedPlace(in, method, places); at < places.end;) {
    const MatchIndex::Variant& variant = method.variants[method.tree[at]];
    if (variant.leading.size() > got.count) {
      recv = unused(in, variant.queue, {});
      const StreamTree::Range alike = method.tree.below(got.count + 1, variant.leading[got.count]);
      differ = differ || unusedPlace(in, method, {alike.end, places.end}) < places.end;
      break;
    }
    // An end is never shared: where it is due, the stream has to be known.
    (variant.sendNext ? send : differ) = true;
    at = unusedPlace(in, method, {at + 1, places.end});
  }
  if (send) return {.next = differ || recv ? Next::Mixed : Next::Send};
  if (differ) return {.next = Next::Differ};
  if (recv) return {.next = Next::Recv, .call = recv->call};
  return {};
}

Matcher::Answer Matcher::takeStreamUnseen(MatchCursors& in, const MatchIndex::Method& method,
                                          const SharedRecvs& got, Prefer prefer, std::uint64_t usedBy) {
  if (method.all == kNone) return Miss{.why = Miss::Why::NoMessage, .recorded = method.unary.count};
  const std::lock_guard lock(m_mutex);
  sync(in);
  const Filter filter{.method = &method, .got = got, .recvNext = prefer == Prefer::RecvNext};
  const Filter anyNext{.method = &method, .got = got};
  if (prefer == Prefer::RecvNext) {
    goRound(in, method.beginWithRecv);
    // Behind the beginning, a stream that began with a RECV may go on with a SEND: hence the filter.
    if (const Slot* slot = unused(in, method.beginWithRecv, filter)) return take(*slot, false, usedBy);
    if (const Slot* slot = again(in, method.beginWithRecv, filter)) return take(*slot, false, usedBy);
  } else {
    if (const Slot* slot = unused(in, method.withoutSends, anyNext)) return take(*slot, false, usedBy);
  }
  if (const Slot* slot = unused(in, method.all, anyNext)) return take(*slot, false, usedBy);
  if (const Slot* slot = again(in, method.all, anyNext)) return take(*slot, false, usedBy);
  return usedUp(*in.index, method.all);
}

bool Matcher::isUsed(EntryId id) const {
  const std::lock_guard lock(m_mutex);
  return uses(id) > 0;
}

void Matcher::setReuse(Reuse reuse) {
  const std::lock_guard lock(m_mutex);
  if (reuse == m_reuse) return;
  m_reuse = reuse;
  ++m_generation;  // cursors have gone round as the old one says
}

void Matcher::reset() {
  const std::lock_guard lock(m_mutex);
  ++m_generation;
  m_uses.clear();
}

}  // namespace retake
