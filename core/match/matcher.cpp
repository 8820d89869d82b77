#include "match/matcher.h"

#include <algorithm>
#include <array>
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

// Of two that would answer again, of which the second one's stand behind the first one's.
const Matcher::Slot* Matcher::again(const Slot* first, const Slot* then) const {
  if (!first || !then) return first ? first : then;
  if (m_reuse == Reuse::Last) return then;
  return uses(then->id) < uses(first->id) ? then : first;
}

Matcher::Taken Matcher::take(const Slot& slot, bool guessed, std::uint64_t usedBy) {
  if (slot.id.value >= m_uses.size())
    m_uses.resize(std::max<std::size_t>(std::size_t{slot.id.value} + 1, m_uses.size() * 2));
  Use& use = m_uses[slot.id.value];
  // Rounds are what is counted. One that is repeated as the last is in its round still: a cycle that begins
  // later goes on to the first, and does not wait for the others to catch up.
  if (use.count == 0 || m_reuse != Reuse::Last) ++use.count;
  use.by = usedBy;
  return {.id = slot.id, .call = slot.call, .guessed = guessed};
}

// All of these queues; the last one's last call is told.
Miss Matcher::usedUp(const MatchIndex& index, std::initializer_list<std::uint32_t> queues) const {
  Miss miss{.why = Miss::Why::UsedUp};
  for (const std::uint32_t queue : queues) {
    if (queue == kNone) continue;
    const auto slots = index.queue(queue);
    const Slot& last = slots.back();
    miss.recorded += static_cast<std::uint32_t>(slots.size());
    miss.callNumber = last.call + 1;
    miss.usedBy = last.id.value < m_uses.size() ? m_uses[last.id.value].by : 0;
  }
  return miss;
}

Matcher::Answer Matcher::takeUnary(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                                   ByteView message, std::uint64_t usedBy) {
  // Of the part with equal metadata and of that without: where the message led first.
  std::array<MatchIndex::Place, 2> places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const MatchIndex::Method* part = i == 0 ? &method : method.otherwise;
    const auto types = part ? static_cast<std::uint32_t>(part->unary.types.size()) : 0;
    for (std::uint32_t type = 0; type < types; ++type) {
      const MatchIndex::Place place = in.index->find(schema, part->unary, type, message);
      if (place.empty()) continue;
      if (places[i].empty()) places[i] = place;
      const std::lock_guard lock(m_mutex);
      sync(in);
      if (const Slot* slot = unused(in, place.exact, {})) return take(*slot, false, usedBy);
      if (const Slot* slot = unused(in, place.guessed, {})) return take(*slot, true, usedBy);
    }
  }
  if (places[0].empty() && places[1].empty())
    return Miss{.why = Miss::Why::NothingEqual, .recorded = method.unary.recorded};
  const std::lock_guard lock(m_mutex);
  sync(in);
  const Slot* first = again(in, places[0].best(), {});
  const Slot* slot = again(first, again(in, places[1].best(), {}));
  if (slot) return take(*slot, places[slot == first ? 0 : 1].exact == kNone, usedBy);
  return usedUp(*in.index, {places[0].best(), places[1].best()});
}

Matcher::Answer Matcher::takeStream(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                                    const SharedRecvs& got, ByteView message, std::uint64_t usedBy) {
  const std::array<const MatchIndex::Method*, 2> parts{&method, method.otherwise};
  std::array<MatchIndex::Place, 2> places;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto types = parts[i] ? static_cast<std::uint32_t>(parts[i]->streams.types.size()) : 0;
    for (std::uint32_t type = 0; type < types && places[i].empty(); ++type)
      places[i] = in.index->find(schema, parts[i]->streams, type, message);
  }

  const std::lock_guard lock(m_mutex);
  sync(in);
  const auto earlier = [](const Slot* a, const Slot* b) { return b && (!a || b->call < a->call) ? b : a; };
  for (std::size_t i = 0; i < parts.size() && parts[i]; ++i) {
    const Filter filter{.method = parts[i], .got = got};
    const Slot* exact = unused(in, places[i].exact, filter);
    const Slot* equal = exact ? exact : unused(in, places[i].guessed, filter);
    const Slot* best = earlier(equal, unused(in, parts[i]->withoutSends, filter));
    if (best) return take(*best, best == equal && !exact, usedBy);
  }

  const Slot* best = nullptr;
  bool guessed = false;
  for (std::size_t i = 0; i < parts.size() && parts[i]; ++i) {
    const Filter filter{.method = parts[i], .got = got};
    const Slot* equal = again(in, places[i].best(), filter);
    const Slot* silent = again(in, parts[i]->withoutSends, filter);
    const bool inOrder = !equal || !silent || equal->call < silent->call;
    const Slot* slot = inOrder ? again(equal, silent) : again(silent, equal);
    if (!slot || again(best, slot) != slot) continue;
    best = slot;
    guessed = slot == equal && places[i].exact == kNone;
  }
  if (best) return take(*best, guessed, usedBy);
  const Miss differs{
      .why = Miss::Why::NothingEqual,
      .recorded = method.streams.recorded > 0 ? method.streams.recorded : method.unary.recorded};
  const std::uint32_t otherSilent = method.otherwise ? method.otherwise->withoutSends : kNone;
  std::array<std::uint32_t, 2> queues{places[0].best(), places[1].best()};
  if (queues == std::array{kNone, kNone}) queues = {method.withoutSends, otherSilent};
  if (queues == std::array{kNone, kNone}) return differs;
  // What is unused begins otherwise than the client has got it.
  if (unused(in, queues[0], {}) || unused(in, queues[1], {})) return differs;
  return usedUp(*in.index, {queues[0], queues[1]});
}

// Of the streams with equal metadata and those without, which both may be played unseen: where the next is.
const MatchIndex::Method& Matcher::playedNext(MatchCursors& in, const MatchIndex::Method& method) const {
  const MatchIndex::Method* other = method.otherwise;
  if (!other || other->all == kNone) return method;
  if (method.all == kNone) return *other;
  goRound(in, method.all);
  goRound(in, other->all);
  const bool isOpen = unused(in, method.all, {}) != nullptr;
  if (unused(in, other->all, {}))
    return isOpen && in.cursors[method.all].round <= in.cursors[other->all].round ? method : *other;
  return isOpen || m_reuse != Reuse::Last ? method : *other;
}

Matcher::Outlook Matcher::outlook(MatchCursors& in, const MatchIndex::Method& all, const SharedRecvs& got) {
  const std::lock_guard lock(m_mutex);
  sync(in);
  const MatchIndex::Method& method = playedNext(in, all);
  if (method.all == kNone) return {};
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

const Matcher::Slot* Matcher::unseen(MatchCursors& in, const MatchIndex::Method& method,
                                     const SharedRecvs& got, Prefer prefer) const {
  if (method.all == kNone) return nullptr;
  const Filter filter{.method = &method, .got = got, .recvNext = prefer == Prefer::RecvNext};
  const Filter anyNext{.method = &method, .got = got};
  if (prefer == Prefer::RecvNext) {
    goRound(in, method.beginWithRecv);
    // Behind the beginning, a stream that began with a RECV may go on with a SEND: hence the filter.
    if (const Slot* slot = unused(in, method.beginWithRecv, filter)) return slot;
    if (const Slot* slot = again(in, method.beginWithRecv, filter)) return slot;
  } else {
    if (const Slot* slot = unused(in, method.withoutSends, anyNext)) return slot;
  }
  if (const Slot* slot = unused(in, method.all, anyNext)) return slot;
  return again(in, method.all, anyNext);
}

Matcher::Answer Matcher::takeStreamUnseen(MatchCursors& in, const MatchIndex::Method& method,
                                          const SharedRecvs& got, Prefer prefer, std::uint64_t usedBy) {
  if (method.streams.recorded == 0)
    return Miss{.why = Miss::Why::NoMessage, .recorded = method.unary.recorded};
  if (method.streams.count == 0)
    return Miss{.why = Miss::Why::NothingEqual, .recorded = method.streams.recorded};
  const std::lock_guard lock(m_mutex);
  sync(in);
  const MatchIndex::Method& next = playedNext(in, method);
  const Slot* slot = unseen(in, next, got, prefer);
  if (!slot && method.otherwise)
    slot = unseen(in, &next == &method ? *method.otherwise : method, got, prefer);
  if (slot) return take(*slot, false, usedBy);
  const std::uint32_t others = method.otherwise ? method.otherwise->all : kNone;
  if (unused(in, method.all, {}) || unused(in, others, {}))  // as in takeStream()
    return Miss{.why = Miss::Why::NothingEqual, .recorded = method.streams.recorded};
  return usedUp(*in.index, {method.all, others});
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
