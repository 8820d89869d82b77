#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <limits>

#include "match/match_index.h"
#include "match/message_forms.h"
#include "match/whole_calls.h"
#include "recording/entry_extras.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

// RECVs before the first SEND that streams are compared by: what begins with more is chosen there.
constexpr std::size_t kMaxLeading = 256;
// Types of first messages of one method. A protobuf service has one; the number has eight bits in a seed.
constexpr std::size_t kMaxTypes = 255;

}  // namespace

// Collects queues as lists of (queue, slot) and lays them out at the end.
class MatchIndexBuilder {
 public:
  MatchIndexBuilder(const Recording& recording, const Calls& calls, const Schema& schema,
                    const MatchPolicy& policy, MatchIndex::LeaveOut leaveOut)
      : m_recording(recording),
        m_calls(calls),
        m_schema(schema),
        m_policy(policy),
        m_leaveOut(leaveOut),
        m_index(std::make_shared<MatchIndex>()) {}

  Result<std::shared_ptr<const MatchIndex>> build() {
    m_namedOf.assign(m_recording.methodCount(), MatchIndex::kNone);
    m_index->m_keys.reserve(std::size_t{m_calls.size()} * 2);
    m_entries.reserve(m_calls.size());
    std::vector<std::uint32_t> cutOff;
    if (m_recording.hasExtras())
      for (std::uint32_t index = 0; index < m_calls.size(); ++index)
        if (isCutOff(m_schema, m_recording, m_calls[index])) cutOff.push_back(index);
    m_index->m_hasCutOff = !cutOff.empty();
    auto skipped = cutOff.begin();
    for (std::uint32_t index = 0; index < m_calls.size(); ++index) {
      if (skipped != cutOff.end() && *skipped == index) {
        ++skipped;
        continue;
      }
      if (auto added = add(index); !added) return added.error();
    }
    m_areCutOff = true;
    for (const std::uint32_t index : cutOff) {
      if (m_leaveOut == MatchIndex::LeaveOut::CutOff)
        leaveOut(index);
      else if (auto added = add(index); !added)
        return added.error();
    }
    for (Method& method : m_index->m_methods) method.tree = StreamTree(method.variants);
    joinParts();
    layOut();
    return std::shared_ptr<const MatchIndex>(std::move(m_index));
  }

 private:
  struct Item {
    std::uint32_t queue;
    std::uint32_t order;
    MatchIndex::Slot slot;
  };
  using Method = MatchIndex::Method;
  using Variant = MatchIndex::Variant;

  std::uint32_t newMethod(std::uint32_t named) {
    const auto number = static_cast<std::uint32_t>(m_index->m_methods.size());
    Method& made = m_index->m_methods.emplace_back();
    made.unary.seed = std::uint64_t{number} << 9;
    made.streams.seed = made.unary.seed | 256;
    made.unary.ignored = made.streams.ignored = &m_index->m_named[named]->ignored;
    m_named.push_back(named);
    return number;
  }

  std::uint32_t namedOf(std::uint32_t methodNumber) {
    std::uint32_t& known = m_namedOf[methodNumber];
    if (known == MatchIndex::kNone) {
      known = static_cast<std::uint32_t>(m_index->m_named.size());
      const std::string& name = m_recording.methodName(methodNumber);
      auto made = std::make_unique<MatchIndex::Named>();
      *made = {name, ignoredIn(m_policy, name), comparedMetadata(m_policy, name),
               static_cast<std::uint32_t>(m_index->m_methods.size())};
      m_index->m_comparesMetadata = m_index->m_comparesMetadata || !made->metadata.empty();
      m_index->m_numbers.emplace(made->name, known);
      m_index->m_named.push_back(std::move(made));
      newMethod(known);
    }
    return known;
  }

  Result<EntryExtras> extrasAt(std::uint32_t position) const {
    if (!m_recording.info(position).hasExtras) return EntryExtras{};
    const auto bytes = m_recording.bytes(position);
    if (!bytes) return bytes.error();
    // Those that cannot be read are a Problem of the recording, and as good as none.
    auto extras = parseExtras(bytes->view);
    return extras ? *std::move(extras) : EntryExtras{};
  }

  // The method, or its part, of the call that begins at `position`. Good until the next one.
  Result<Method*> methodOf(std::uint32_t methodNumber, std::uint32_t position) {
    const std::uint32_t number = namedOf(methodNumber);
    const MatchIndex::Named& named = *m_index->m_named[number];
    std::uint32_t part = named.plain;
    if (!named.metadata.empty()) {
      const auto extras = extrasAt(position);
      if (!extras) return extras.error();
      if (extras->requestMetadata) {
        const MessageKey key = MatchIndex::metadataKey(named, *extras->requestMetadata, number);
        const auto next = static_cast<std::uint32_t>(m_index->m_methods.size());
        part = m_index->m_parts.insert(key, next);
        if (part == next) newMethod(number);
      }
    }
    return &m_index->m_methods[part];
  }

  // Each part knows of the calls without metadata that may answer in its place, and of all of the method.
  void joinParts() {
    struct Sum {
      std::uint32_t unary = 0;
      std::uint32_t streams = 0;
      bool beginWithRecv = false;
    };
    auto& methods = m_index->m_methods;
    std::vector<Sum> sums(m_index->m_named.size());
    for (std::uint32_t i = 0; i < methods.size(); ++i) {
      Sum& sum = sums[m_named[i]];
      sum.unary += methods[i].unary.count;
      sum.streams += methods[i].streams.count;
      sum.beginWithRecv = sum.beginWithRecv || methods[i].beginWithRecv != MatchIndex::kNone;
    }
    // The plain part of a method stands before its others, and joins nothing itself.
    for (std::uint32_t i = 0; i < methods.size(); ++i) {
      Method& method = methods[i];
      const Sum& sum = sums[m_named[i]];
      method.unary.recorded = sum.unary;
      method.streams.recorded = sum.streams;
      method.someBeginWithRecv = sum.beginWithRecv;
      const Method& plain = methods[m_index->m_named[m_named[i]]->plain];
      if (&plain == &method || plain.unary.count + plain.streams.count == 0) continue;
      method.otherwise = &plain;
      method.unary.count += plain.unary.count;
      method.streams.count += plain.streams.count;
      method.someFailFirst = method.someFailFirst || plain.someFailFirst;
    }
  }

  Result<void> add(std::uint32_t index) {
    const Call call = m_calls[index];
    return call.isStream() ? addStream(index, call) : addUnary(index, call);
  }

  void leaveOut(std::uint32_t index) {
    m_index->m_leftOut.resize(index + 1);
    m_index->m_leftOut[index] = true;
    const std::uint32_t method = m_recording.info(m_calls[index].first).method;
    if (m_namedOf[method] == MatchIndex::kNone) ++m_index->m_leftOutCalls[m_recording.methodName(method)];
  }
  std::uint32_t numberOf(const Method& method) const {
    return static_cast<std::uint32_t>(&method - m_index->m_methods.data());
  }
  std::uint32_t groupOf(std::uint32_t queue) const {
    return queue == MatchIndex::kNone ? MatchIndex::kNone : m_index->m_groups[queue];
  }
  bool isHeld(std::uint32_t queue, std::uint32_t answers) const {
    return m_whole.hold(queue, groupOf(queue), answers);
  }
  // By unary calls or by streams: a recorder without a schema has a method's calls as both.
  bool isHeldBy(const Method& method, ByteView message, std::uint32_t answers) const {
    for (const MatchIndex::Family* family : {&method.unary, &method.streams})
      for (std::uint32_t type = 0; type < family->types.size(); ++type) {
        const MatchIndex::Place place = m_index->find(m_schema, *family, type, message);
        if (isHeld(place.exact, answers) || m_whole.hold(MatchIndex::kNone, groupOf(place.guessed), answers))
          return true;
      }
    return isHeld(method.withoutSends, answers);
  }
  void noteWhole(const Method& method, std::uint32_t queue, std::uint32_t answers, std::uint32_t leading) {
    if (!m_index->m_hasCutOff) return;
    m_whole.add(queue, groupOf(queue), answers);
    m_whole.addOf(numberOf(method), leading);
  }

  std::uint32_t newQueue() {
    m_index->m_groups.push_back(MatchIndex::kNone);
    return m_queueCount++;
  }
  std::uint32_t queueAt(std::uint32_t& queue) {
    if (queue == MatchIndex::kNone) queue = newQueue();
    return queue;
  }

  static std::uint32_t typeNumber(MatchIndex::Family& family, const google::protobuf::Descriptor* type) {
    const auto found = std::find(family.types.begin(), family.types.end(), type);
    if (found != family.types.end()) return static_cast<std::uint32_t>(found - family.types.begin());
    if (family.types.size() < kMaxTypes) family.types.push_back(type);
    return static_cast<std::uint32_t>(family.types.size()) - 1;
  }

  // The queue of all calls whose first message equals this one.
  std::uint32_t queueOf(MatchIndex::Family& family, std::string_view typeUrl, std::string_view method,
                        ByteView message) {
    const auto* type = messageTypeOf(m_schema, typeUrl, method);
    const std::uint64_t seed = family.seed + typeNumber(family, type);
    const MessageKey raw = messageKey(message, seed);
    KeyTable& keys = m_index->m_keys;
    if (const std::uint32_t known = keys.find(raw); known != MatchIndex::kNone) return known;
    const MessageKeys forms = messageKeys(m_schema, type, message, seed, raw, *family.ignored);
    std::uint32_t queue = keys.find(forms.exact);
    if (queue == MatchIndex::kNone) {
      queue = newQueue();
      keys.insert(forms.exact, queue);
      if (forms.guess) {
        const auto next = static_cast<std::uint32_t>(m_groupSizes.size());
        const std::uint32_t group = keys.insert(*forms.guess, next);
        if (group == next) {
          m_groupSizes.push_back(0);
          m_index->m_guessed.push_back(queue);
        }
        ++m_groupSizes[group];
        m_index->m_groups[queue] = group;
      }
    }
    keys.insert(raw, queue);
    return queue;
  }

  Result<void> addUnary(std::uint32_t index, const Call& call) {
    const auto entry = m_recording.entry(call.first);
    if (!entry) return entry.error();
    const EntryInfo info = m_recording.info(call.first);
    const auto part = methodOf(info.method, call.first);
    if (!part) return part.error();
    Method& method = **part;
    if (m_areCutOff && isHeldBy(method, entry->fields.message, 0)) {
      leaveOut(index);
      return {};
    }
    const std::uint32_t queue =
        queueOf(method.unary, entry->fields.typeUrl, entry->callMethod, entry->fields.message);
    if (!m_areCutOff) {
      noteWhole(method, queue, !call.rest.empty() && !m_recording.info(call.rest.front()).isError, 0);
    }
    ++method.unary.count;
    const std::uint32_t order =
        call.rest.empty() ? std::numeric_limits<std::uint32_t>::max() : call.rest.front();
    m_entries.push_back({queue, order, {.id = info.id, .call = index}});
    return {};
  }

  Result<void> addStream(std::uint32_t index, const Call& call) {
    const EntryInfo info = m_recording.info(call.first);
    const auto part = methodOf(info.method, call.first);
    if (!part) return part.error();
    Method& method = **part;
    Variant variant;
    std::uint32_t queue = MatchIndex::kNone;
    bool received = false;
    bool ended = info.isError;
    bool failsFirst = info.isError;
    const std::uint32_t answers = m_index->m_hasCutOff ? answersOf(call) : 0;
    for (std::uint32_t position : info.isError ? std::span<const std::uint32_t>() : call.rest) {
      const EntryInfo step = m_recording.info(position);
      if (step.kind == EntryKind::Send && !step.isError) {
        if (queue != MatchIndex::kNone) continue;
        variant.sendNext = !ended && variant.leading.size() < kMaxLeading;
        const auto entry = m_recording.entry(position);
        if (!entry) return entry.error();
        if (m_areCutOff && isHeldBy(method, entry->fields.message, answers)) {
          leaveOut(index);
          return {};
        }
        queue = queueOf(method.streams, entry->fields.typeUrl, entry->callMethod, entry->fields.message);
      } else if (step.kind == EntryKind::Recv) {
        if (step.isError && !received && step.hasMessage && step.statusCode != 0) failsFirst = true;
        received = true;
        ended = ended || step.isError;
        if (queue == MatchIndex::kNone && !ended && variant.leading.size() < kMaxLeading) {
          const auto entry = m_recording.entry(position);
          if (!entry) return entry.error();
          variant.leading.push_back(leadingKey(
              variant.leading.empty() ? MessageKey{} : variant.leading.back(), entry->fields.message));
        }
      }
      if (received && queue != MatchIndex::kNone) break;
    }
    if (m_areCutOff && queue == MatchIndex::kNone &&
        (isHeld(method.withoutSends, answers) || m_whole.anyOf(numberOf(method), answers))) {
      leaveOut(index);
      return {};
    }
    if (!m_areCutOff) {
      noteWhole(method, queue != MatchIndex::kNone ? queue : queueAt(method.withoutSends), answers,
                static_cast<std::uint32_t>(variant.leading.size()));
    }
    ++method.streams.count;
    method.someFailFirst = method.someFailFirst || failsFirst;
    MatchIndex::Slot slot{.id = info.id, .call = index, .variant = variantNumber(method, std::move(variant))};
    const auto add = [&](std::uint32_t to) { m_entries.push_back({to, call.first, slot}); };
    const Variant& known = method.variants[slot.variant];
    const bool beginsWithSend = known.sendNext && known.leading.empty();
    add(known.queue);
    add(queueAt(method.all));
    add(queue != MatchIndex::kNone ? queue : queueAt(method.withoutSends));
    if (!beginsWithSend) add(queueAt(method.beginWithRecv));
    return {};
  }

  // Messages of the service.
  std::uint32_t answersOf(const Call& stream) const {
    std::uint32_t count = 0;
    for (const std::uint32_t position : stream.rest) {
      const EntryInfo info = m_recording.info(position);
      count += info.kind == EntryKind::Recv && !info.isError ? 1 : 0;
    }
    return count;
  }

  std::uint32_t variantNumber(Method& method, Variant variant) {
    std::string signature(1, variant.sendNext ? 's' : 'e');
    if (!variant.leading.empty()) {
      const MessageKey& last = variant.leading.back();
      signature.append(reinterpret_cast<const char*>(&last), sizeof last);
    }
    signature += std::to_string(variant.leading.size());
    const auto next = static_cast<std::uint32_t>(method.variants.size());
    const std::uint32_t number = m_variants.insert(messageKey(signature, method.streams.seed), next);
    if (number != next) return number;
    variant.queue = newQueue();
    method.variants.push_back(std::move(variant));
    return number;
  }

  void layOut() {
    MatchIndex& index = *m_index;
    // A group of one queue is that queue; of several, a queue of its own.
    const auto equal = m_entries.size();
    for (std::uint32_t group = 0; group < m_groupSizes.size(); ++group)
      if (m_groupSizes[group] > 1) index.m_guessed[group] = newQueue();
    for (std::size_t i = 0; i < equal; ++i) {
      const Item item = m_entries[i];
      const std::uint32_t group = index.m_groups[item.queue];
      if (group != MatchIndex::kNone && m_groupSizes[group] > 1)
        m_entries.push_back({index.m_guessed[group], item.order, item.slot});
    }
    index.m_queues.resize(m_queueCount);
    for (const Item& item : m_entries) ++index.m_queues[item.queue].count;
    std::uint32_t begin = 0;
    for (auto& queue : index.m_queues) {
      queue.begin = begin;
      begin += queue.count;
      queue.count = 0;
    }
    index.m_slots.resize(begin);
    std::vector<std::uint32_t> orders(begin);
    std::vector<bool> unsorted(m_queueCount, false);
    for (const Item& item : m_entries) {
      auto& queue = index.m_queues[item.queue];
      const std::uint32_t at = queue.begin + queue.count++;
      index.m_slots[at] = item.slot;
      orders[at] = item.order;
      if (at > queue.begin && orders[at - 1] > item.order) unsorted[item.queue] = true;
    }
    for (std::uint32_t number = 0; number < m_queueCount; ++number)
      if (unsorted[number]) sortQueue(index.m_queues[number], orders);
  }

  void sortQueue(const MatchIndex::Queue& queue, const std::vector<std::uint32_t>& orders) {
    std::vector<std::pair<std::uint32_t, MatchIndex::Slot>> items;
    items.reserve(queue.count);
    for (std::uint32_t i = 0; i < queue.count; ++i)
      items.emplace_back(orders[queue.begin + i], m_index->m_slots[queue.begin + i]);
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::uint32_t i = 0; i < queue.count; ++i) m_index->m_slots[queue.begin + i] = items[i].second;
  }

  const Recording& m_recording;
  const Calls& m_calls;
  const Schema& m_schema;
  const MatchPolicy& m_policy;
  const MatchIndex::LeaveOut m_leaveOut;
  std::shared_ptr<MatchIndex> m_index;
  std::vector<std::uint32_t> m_namedOf;  // by the recording's method number
  std::vector<std::uint32_t> m_named;    // by method of the index
  std::vector<Item> m_entries;
  std::vector<std::uint32_t> m_groupSizes;  // in queues
  KeyTable m_variants;
  std::uint32_t m_queueCount = 0;
  WholeCalls m_whole;
  bool m_areCutOff = false;  // those that come now; all others are in
};

Result<std::shared_ptr<const MatchIndex>> MatchIndex::build(const Recording& recording, const Calls& calls,
                                                            const Schema& schema, const MatchPolicy& policy,
                                                            LeaveOut leaveOut) {
  return MatchIndexBuilder(recording, calls, schema, policy, leaveOut).build();
}

}  // namespace retake
