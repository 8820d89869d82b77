#include "explain/wire_differ.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <span>

#include "base/wire.h"
#include "explain/list_alignment.h"
#include "match/message_key.h"
#include "match/wire_form.h"
#include "schema/json.h"
#include "schema/scalar_text.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

// What nests deeper, or holds more fields, is compared as bytes: text may read as a great many.
constexpr int kMaxComparedDepth = 30;
constexpr std::size_t kMaxFields = 1 << 16;

using Walk = FieldPathSet::Walk;
using Fields = std::vector<WireField>;
using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// The occurrences of one field in both messages.
struct Both {
  std::uint32_t number = 0;
  WireType type = WireType::Varint;
  Guess guess = Guess::Bytes;
  Fields recorded;
  Fields sent;

  bool isMessage() const {
    return type == WireType::Group || (type == WireType::Length && guess == Guess::Message);
  }
};

using Groups = std::map<std::pair<std::uint32_t, WireType>, Both>;

bool collect(ByteView message, Groups& groups, Fields Both::*side) {
  WireCursor cursor(message);
  std::size_t count = 0;
  while (const auto field = cursor.next()) {
    if (++count > kMaxFields) return false;
    Both& both = groups[{field->number, field->type}];
    both.number = field->number;
    both.type = field->type;
    (both.*side).push_back(*field);
  }
  return true;
}

std::string wireValue(const Both& both, const WireField& field, std::uint64_t& size) {
  if (both.isMessage()) return toJsonPreview(*Schema::builtin(), {}, field.bytes, kMaxMessageText);
  if (both.type == WireType::Length) return valueText(field.bytes, both.guess == Guess::String, size);
  return wireText(both.type, field.value);
}

// Fields of a submessage, DifferenceSink::kMaxLeaves at most; 1 of anything else.
std::size_t leavesOf(const Both& both, const WireField& field) {
  if (!both.isMessage()) return 1;
  std::size_t count = 0;
  WireField one;
  WireCursor cursor(field.bytes);
  while (count < DifferenceSink::kMaxLeaves && cursor.next(one))
    count += one.type == WireType::Length ? 1 + one.bytes.size() / 32 : 1;
  return std::clamp<std::size_t>(count, 1, DifferenceSink::kMaxLeaves);
}

// Field 1 of what can be an entry of a map.
std::optional<std::string> mapKeyOf(ByteView entry) {
  std::string key;
  std::uint32_t last = 0;
  WireCursor cursor(entry);
  while (const auto field = cursor.next()) {
    if (field->number > 2 || field->number <= last || field->type == WireType::Group) return std::nullopt;
    if (field->number == 1) key = field->raw;
    last = field->number;
  }
  return cursor.failed() ? std::nullopt : std::optional(std::move(key));
}

// By key, where all of them are entries of a map.
std::optional<std::map<std::string, std::uint32_t>> mapKeys(const Fields& fields) {
  std::map<std::string, std::uint32_t> keys;
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    auto key = mapKeyOf(fields[i].bytes);
    if (!key || !keys.emplace(*std::move(key), i).second) return std::nullopt;
  }
  return keys;
}

class WireDiffer {
 public:
  // `isRough` as in schema_differ.cpp.
  WireDiffer(WireEquality equality, DifferenceSink& sink, bool isRough = false)
      : m_equality(equality), m_sink(sink), m_isRough(isRough) {}

  void messages(ByteView recorded, ByteView sent, const Walk& walk, int depth) {
    Groups groups;
    if (!collect(recorded, groups, &Both::recorded) || !collect(sent, groups, &Both::sent)) {
      if (recorded != sent)
        m_sink.changed(likenessOf(recorded, sent), [&] { return valuePair(recorded, sent, false); });
      return;
    }
    for (auto& [key, both] : groups) {
      if (both.type == WireType::Length) both.guess = guessOf(both);
      field(both, walk.field(both.number), depth);
    }
  }

 private:
  static Guess guessOf(const Both& both) {
    std::vector<ByteView> payloads;
    payloads.reserve(both.recorded.size() + both.sent.size());
    for (const WireField& one : both.recorded) payloads.push_back(one.bytes);
    for (const WireField& one : both.sent) payloads.push_back(one.bytes);
    return guessPayload(payloads);
  }

  std::uint64_t hashOf(const Both& both, const WireField& field) const {
    std::string storage;
    if (both.type == WireType::Group)
      return messageKey(m_equality == WireEquality::Exact ? exactForm(field.bytes, storage)
                                                          : guessedForm(field.bytes, storage),
                        0)
          .low;
    if (both.type != WireType::Length) return field.value;
    return messageKey(m_equality == WireEquality::Exact ? field.bytes : guessedForm(field.bytes, storage), 0)
        .low;
  }

  void field(const Both& both, const Walk& walk, int depth) {
    if (walk.covered()) return m_sink.ignored();
    PathStep step(m_sink, {.kind = PathSegment::Kind::Number, .number = both.number});
    if (both.recorded.size() == 1 && both.sent.size() == 1) {
      const Walk element = walk.element(std::uint64_t{0});
      if (element.covered()) return m_sink.ignored();
      return pair(both, both.recorded.front(), both.sent.front(), element, depth);
    }
    const bool isList = both.recorded.size() > 1 || both.sent.size() > 1;
    for (const auto& [a, b] : pairsOf(both)) {
      const Walk left = a == kNoElement ? walk.element(std::uint64_t{b}) : walk.element(std::uint64_t{a});
      const Walk element =
          a == b || a == kNoElement || b == kNoElement ? left : left.with(walk.element(std::uint64_t{b}));
      if (element.covered()) {
        m_sink.ignored();
        continue;
      }
      if (isList) m_sink.path().segments.back().index = b == kNoElement ? a : b;
      if (a != kNoElement && b != kNoElement) {
        if (a != b) m_sink.enterMoved();
        pair(both, both.recorded[a], both.sent[b], element, depth);
        if (a != b) m_sink.leaveMoved();
        continue;
      }
      const WireField& only = a != kNoElement ? both.recorded[a] : both.sent[b];
      m_sink.oneSided(a != kNoElement, leavesOf(both, only),
                      [&](std::uint64_t& size) { return wireValue(both, only, size); });
    }
  }

  Pairs pairsOf(const Both& both) const {
    std::vector<std::uint32_t> left(both.recorded.size());
    std::vector<std::uint32_t> right(both.sent.size());
    std::iota(left.begin(), left.end(), 0);
    std::iota(right.begin(), right.end(), 0);
    Pairs pairs;
    if (both.type == WireType::Length && both.guess == Guess::Message && m_equality == WireEquality::Guessed)
      pairs = takeEqualKeys(both, left, right);
    alignRest(both, left, right, pairs);
    std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
      return std::min(a.first, a.second) < std::min(b.first, b.second);
    });
    return pairs;
  }

  // Where both lists can be maps: entries of one key belong together, wherever they stand.
  static Pairs takeEqualKeys(const Both& both, std::vector<std::uint32_t>& left,
                             std::vector<std::uint32_t>& right) {
    const auto keys = mapKeys(both.recorded);
    const auto others = keys ? mapKeys(both.sent) : std::nullopt;
    Pairs pairs;
    if (!others) return pairs;
    for (const auto& [key, a] : *keys)
      if (const auto found = others->find(key); found != others->end()) pairs.emplace_back(a, found->second);
    for (const auto& [a, b] : pairs) left[a] = right[b] = kNoElement;
    std::erase(left, kNoElement);
    std::erase(right, kNoElement);
    return pairs;
  }

  void alignRest(const Both& both, const std::vector<std::uint32_t>& left,
                 const std::vector<std::uint32_t>& right, Pairs& pairs) const {
    std::vector<std::uint64_t> leftHashes;
    std::vector<std::uint64_t> rightHashes;
    for (const std::uint32_t a : left) leftHashes.push_back(hashOf(both, both.recorded[a]));
    for (const std::uint32_t b : right) rightHashes.push_back(hashOf(both, both.sent[b]));
    const auto likeness = [&](std::uint32_t a, std::uint32_t b) {
      if (m_isRough) return 0.0;
      const ByteView recorded = both.recorded[left[a]].bytes;
      const ByteView sent = both.sent[right[b]].bytes;
      if (!both.isMessage()) return likenessOf(recorded, sent);
      if (recorded.size() + sent.size() > DifferenceSink::kMaxLikeness) return 0.0;
      DifferenceSink inner(0);
      WireDiffer(m_equality, inner, true).messages(recorded, sent, {}, kMaxComparedDepth - 2);
      return inner.take().nearness();
    };
    for (const auto& [a, b] : alignLists(leftHashes, rightHashes, likeness))
      pairs.emplace_back(a == kNoElement ? a : left[a], b == kNoElement ? b : right[b]);
  }

  void pair(const Both& both, const WireField& recorded, const WireField& sent, const Walk& walk, int depth) {
    const bool equal = recorded.bytes == sent.bytes && recorded.value == sent.value;
    const bool goesOn = both.isMessage() && depth < kMaxComparedDepth;
    if (goesOn) {
      const std::size_t before = m_sink.count();
      messages(recorded.bytes, sent.bytes, walk, depth + 1);
      // Equal in every field, but not to those who compare bytes.
      if (m_sink.count() != before || equal || hashOf(both, recorded) == hashOf(both, sent)) return;
    } else if (equal || hashOf(both, recorded) == hashOf(both, sent)) {
      return m_sink.same(both.type == WireType::Length ? recorded.bytes.size() : DifferenceSink::kNumberSize);
    }
    const double likeness =
        both.type == WireType::Length
            ? likenessOf(recorded.bytes, sent.bytes)
            : likenessOfNumbers(static_cast<double>(recorded.value), static_cast<double>(sent.value));
    m_sink.changed(likeness, [&] {
      if (both.type == WireType::Length && !goesOn)
        return valuePair(recorded.bytes, sent.bytes, both.guess == Guess::String);
      if (goesOn) return valuePair(recorded.bytes, sent.bytes, false);
      return ValuePair{wireText(both.type, recorded.value), wireText(both.type, sent.value)};
    });
  }

  WireEquality m_equality;
  DifferenceSink& m_sink;
  bool m_isRough;
};

}  // namespace

void diffWire(ByteView recorded, ByteView sent, WireEquality equality, const FieldPathSet::Walk& walk,
              DifferenceSink& sink) {
  WireDiffer(equality, sink).messages(recorded, sent, walk, 0);
}

}  // namespace retake
