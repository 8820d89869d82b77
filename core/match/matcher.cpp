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

// Where a message leads: as it came, and as scrub rules make it, in the part with equal metadata and in that
// without.
struct Matcher::Places {
  struct One {
    const MatchIndex::Method* part = nullptr;
    bool scrubbed = false;
    MatchIndex::Place place = {};
  };

  // Where what the rules change is ignored, both forms lead to one place.
  void add(const One& one) {
    for (const One& known : all())
      if (known.place.best() == one.place.best()) return;
    list[count++] = one;
  }
  std::span<const One> all() const { return std::span(list).first(count); }
  std::vector<std::uint32_t> queues() const {
    std::vector<std::uint32_t> queues;
    for (const One& one : all()) queues.push_back(one.place.best());
    return queues;
  }

  std::array<One, 4> list;
  std::size_t count = 0;
};

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

// With Reuse::Cycle: until something in `queue` is unused, which it gives. Other queues may have used these
// oftener than this one went round.
const Matcher::Slot* Matcher::goRound(MatchCursors& in, std::uint32_t queue) const {
  if (queue == kNone || m_reuse != Reuse::Cycle) return nullptr;
  auto& cursor = in.cursors[queue];
  for (;;) {
    if (const Slot* slot = unused(in, queue, {})) return slot;
    cursor = {.at = 0, .round = cursor.round + 1};
  }
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
  if (filter.passesAll() && m_reuse == Reuse::Cycle) return goRound(in, queue);
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

Matcher::Taken Matcher::take(const Slot& slot, bool guessed, bool scrubbed, std::uint64_t usedBy) {
  if (slot.id.value >= m_uses.size())
    m_uses.resize(std::max<std::size_t>(std::size_t{slot.id.value} + 1, m_uses.size() * 2));
  Use& use = m_uses[slot.id.value];
  // Rounds are what is counted. One that is repeated as the last is in its round still: a cycle that begins
  // later goes on to the first, and does not wait for the others to catch up.
  if (use.count == 0 || m_reuse != Reuse::Last) ++use.count;
  use.by = usedBy;
  return {.id = slot.id, .call = slot.call, .guessed = guessed, .scrubbed = scrubbed};
}

// All of these queues; the last one's last call is told.
Miss Matcher::usedUp(const MatchIndex& index, std::span<const std::uint32_t> queues) const {
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
                                   const ClientMessage& message, std::uint64_t usedBy) {
  Places places;
  std::unique_lock lock(m_mutex, std::defer_lock);  // not while a message is decoded
  for (const bool scrubbed : {false, true}) {
    if (scrubbed && !message.scrubbed) break;
    for (const MatchIndex::Method* part : {&method, method.otherwise}) {
      const auto types = part ? static_cast<std::uint32_t>(part->unary.types.size()) : 0;
      bool isFirst = true;
      for (std::uint32_t type = 0; type < types; ++type) {
        if (lock) lock.unlock();
        const MatchIndex::Place place =
            in.index->find(schema, part->unary, type, scrubbed ? *message.scrubbed : message.asSent);
        if (place.empty()) continue;
        if (std::exchange(isFirst, false)) places.add({part, scrubbed, place});
        lock.lock();
        sync(in);
        if (const Slot* slot = unused(in, place.exact, {})) return take(*slot, false, scrubbed, usedBy);
        if (const Slot* slot = unused(in, place.guessed, {})) return take(*slot, true, scrubbed, usedBy);
      }
    }
  }
  if (places.all().empty()) return Miss{.why = Miss::Why::NothingEqual, .recorded = method.unary.recorded};
  if (!lock) lock.lock();
  sync(in);
  const Slot* best = nullptr;
  const Places::One* found = nullptr;
  for (const Places::One& one : places.all()) {
    const Slot* slot = again(in, one.place.best(), {});
    if (!slot || again(best, slot) != slot) continue;
    best = slot;
    found = &one;
  }
  if (best) return take(*best, found->place.exact == kNone, found->scrubbed, usedBy);
  return usedUp(*in.index, places.queues());
}

Matcher::Answer Matcher::takeStream(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                                    const SharedRecvs& got, const ClientMessage& message,
                                    std::uint64_t usedBy) {
  Places places;
  for (const MatchIndex::Method* part : {&method, method.otherwise})
    for (const bool scrubbed : {false, true}) {
      if (!part || (scrubbed && !message.scrubbed)) continue;
      MatchIndex::Place place;
      for (std::uint32_t type = 0; type < part->streams.types.size() && place.empty(); ++type)
        place = in.index->find(schema, part->streams, type, scrubbed ? *message.scrubbed : message.asSent);
      if (!place.empty()) places.add({part, scrubbed, place});
    }

  const std::lock_guard lock(m_mutex);
  sync(in);
  const auto isEarlier = [](const Slot* a, const Slot* b) { return b && (!a || b->call < a->call); };
  for (const MatchIndex::Method* part : {&method, method.otherwise}) {
    if (!part) continue;
    const Filter filter{.method = part, .got = got};
    const Slot* best = nullptr;
    bool guessed = false;
    bool scrubbed = false;
    for (const bool guess : {false, true}) {
      if (guess && best) break;
      for (const Places::One& one : places.all()) {
        if (one.part != part) continue;
        const Slot* slot = unused(in, guess ? one.place.guessed : one.place.exact, filter);
        if (!isEarlier(best, slot)) continue;
        best = slot;
        guessed = guess;
        scrubbed = one.scrubbed;
      }
    }
    if (const Slot* silent = unused(in, part->withoutSends, filter); isEarlier(best, silent))
      return take(*silent, false, false, usedBy);
    if (best) return take(*best, guessed, scrubbed, usedBy);
  }

  const Slot* best = nullptr;
  bool guessed = false;
  bool scrubbed = false;
  for (const MatchIndex::Method* part : {&method, method.otherwise}) {
    if (!part) continue;
    const Filter filter{.method = part, .got = got};
    const Slot* equal = nullptr;
    const Places::One* found = nullptr;
    for (const Places::One& one : places.all()) {
      const Slot* slot = one.part == part ? again(in, one.place.best(), filter) : nullptr;
      if (!slot || again(equal, slot) != slot) continue;
      equal = slot;
      found = &one;
    }
    const Slot* silent = again(in, part->withoutSends, filter);
    const bool inOrder = !equal || !silent || equal->call < silent->call;
    const Slot* slot = inOrder ? again(equal, silent) : again(silent, equal);
    if (!slot || again(best, slot) != slot) continue;
    best = slot;
    guessed = slot == equal && found->place.exact == kNone;
    scrubbed = slot == equal && found->scrubbed;
  }
  if (best) return take(*best, guessed, scrubbed, usedBy);
  const Miss differs{
      .why = Miss::Why::NothingEqual,
      .recorded = method.streams.recorded > 0 ? method.streams.recorded : method.unary.recorded};
  const std::uint32_t otherSilent = method.otherwise ? method.otherwise->withoutSends : kNone;
  std::vector<std::uint32_t> queues = places.queues();
  if (queues.empty()) queues = {method.withoutSends, otherSilent};
  std::erase(queues, kNone);
  if (queues.empty()) return differs;
  // What is unused begins otherwise than the client has got it.
  for (const std::uint32_t queue : queues)
    if (unused(in, queue, {})) return differs;
  return usedUp(*in.index, queues);
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
    if (prefer == Prefer::NoSends) return again(in, method.withoutSends, anyNext);
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
  if (slot) return take(*slot, false, false, usedBy);
  const std::uint32_t others = method.otherwise ? method.otherwise->all : kNone;
  if (unused(in, method.all, {}) || unused(in, others, {}))  // as in takeStream()
    return Miss{.why = Miss::Why::NothingEqual, .recorded = method.streams.recorded};
  return usedUp(*in.index, std::array{method.all, others});
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
