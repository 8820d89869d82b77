#include "explain/schema_differ.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>

#include "explain/list_alignment.h"
#include "explain/message_values.h"
#include "explain/wire_differ.h"
#include "match/message_key.h"
#include "recording/entry.h"
#include "schema/json.h"
#include "schema/well_known.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;
using Walk = FieldPathSet::Walk;

// As equality has it (match/schema_form.cpp): what nests deeper is compared as bytes.
constexpr int kMaxAnyDepth = 32;
// Lists and maps that one side lacks are shown by so many elements.
constexpr int kShownElements = 8;

std::unique_ptr<pb::Message> parse(const Schema& schema, const pb::Descriptor& type, ByteView bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  auto message = schema.newMessage(type);
  if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) return nullptr;
  return message;
}

PathSegment segmentOf(const Field& field) {
  return {.name = field.is_extension() ? "[" + field.full_name() + "]" : field.name()};
}

// The message of which a list's element, or (index -1) the field itself, is a part.
const pb::Message& messageAt(const pb::Message& message, const Field& field, int index) {
  const pb::Reflection& r = *message.GetReflection();
  return index < 0 ? r.GetMessage(message, &field) : r.GetRepeatedMessage(message, &field, index);
}

class SchemaDiffer {
 public:
  // `isRough`: for a likeness; lists inside are aligned without asking for one, which would take time that
  // doubles with each level.
  SchemaDiffer(const Schema& schema, DifferenceSink& sink, int anyDepth = 0, bool isRough = false)
      : m_schema(schema), m_sink(sink), m_anyDepth(anyDepth), m_isRough(isRough) {}

  void messages(const pb::Message& recorded, const pb::Message& sent, const Walk& walk) {
    if (wellKnown(*recorded.GetDescriptor()) == WellKnown::Any && diffAny(recorded, sent, walk)) return;
    std::vector<const Field*> fields;
    std::vector<const Field*> others;
    recorded.GetReflection()->ListFields(recorded, &fields);
    sent.GetReflection()->ListFields(sent, &others);
    fields.insert(fields.end(), others.begin(), others.end());
    std::sort(fields.begin(), fields.end(),
              [](const Field* a, const Field* b) { return a->number() < b->number(); });
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    for (const Field* field : fields) {
      const Walk into = walk.field(*field);
      if (into.covered()) {
        m_sink.ignored();
        continue;
      }
      PathStep step(m_sink, segmentOf(*field));
      if (field->is_map())
        diffMap(recorded, sent, *field, into);
      else if (field->is_repeated())
        diffList(recorded, sent, *field, into);
      else
        diffSingle(recorded, sent, *field, into);
    }
    diffUnknown(recorded, sent, walk);
  }

 private:
  // Leaves of a value, kMaxLeaves at most.
  static std::size_t leavesOf(const pb::Message& message, const Field& field, int index) {
    if (field.cpp_type() != Field::CPPTYPE_MESSAGE) return 1;
    const pb::Message& value = messageAt(message, field, index);
    std::vector<const Field*> fields;
    value.GetReflection()->ListFields(value, &fields);
    std::size_t leaves = 0;
    for (const Field* one : fields) {
      const int count = one->is_repeated() ? value.GetReflection()->FieldSize(value, one) : 1;
      for (int i = 0; i < count && leaves < DifferenceSink::kMaxLeaves; ++i)
        leaves += leavesOf(value, *one, one->is_repeated() ? i : -1);
    }
    return std::clamp<std::size_t>(leaves, 1, DifferenceSink::kMaxLeaves);
  }

  std::string messageText(const pb::Message& message) const {
    return toJsonPreview(m_schema, message.GetDescriptor()->full_name(), message.SerializePartialAsString(),
                         kMaxMessageText);
  }

  std::string textOf(const pb::Message& message, const Field& field, int index, std::uint64_t& size) const {
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE) return messageText(messageAt(message, field, index));
    std::string scratch;
    const ScalarValue value = scalarValue(message, field, index, scratch);
    if (isText(field)) return valueText(value.text, field.type() == Field::TYPE_STRING, size);
    return numberText(field, value.bits);
  }

  void diffSingle(const pb::Message& recorded, const pb::Message& sent, const Field& field,
                  const Walk& walk) {
    const bool inRecorded = recorded.GetReflection()->HasField(recorded, &field);
    const bool inSent = sent.GetReflection()->HasField(sent, &field);
    if ((inRecorded && inSent) || !field.has_presence())
      return diffValues(recorded, -1, sent, -1, field, walk);
    const pb::Message& only = inRecorded ? recorded : sent;
    m_sink.oneSided(inRecorded, leavesOf(only, field, -1),
                    [&](std::uint64_t& size) { return textOf(only, field, -1, size); });
  }

  static double likenessOf(const Field& field, const ScalarValue& left, const ScalarValue& right) {
    if (isText(field)) return retake::likenessOf(left.text, right.text);
    return likenessOfNumbers(numberOf(field, left.bits), numberOf(field, right.bits));
  }

  // Both sides have it. An index is -1 where the field is not repeated.
  void diffValues(const pb::Message& recorded, int a, const pb::Message& sent, int b, const Field& field,
                  const Walk& walk) {
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE)
      return messages(messageAt(recorded, field, a), messageAt(sent, field, b), walk);
    std::string scratchA;
    std::string scratchB;
    const ScalarValue left = scalarValue(recorded, field, a, scratchA);
    const ScalarValue right = scalarValue(sent, field, b, scratchB);
    if (left == right) return m_sink.same(isText(field) ? left.text.size() : DifferenceSink::kNumberSize);
    m_sink.changed(likenessOf(field, left, right), [&] {
      if (isText(field)) return valuePair(left.text, right.text, field.type() == Field::TYPE_STRING);
      return ValuePair{numberText(field, left.bits), numberText(field, right.bits)};
    });
  }

  // "[1, 2, … 7 more]"
  std::string listText(const pb::Message& message, const Field& field) const {
    const int count = message.GetReflection()->FieldSize(message, &field);
    std::string text = "[";
    for (int i = 0; i < count && i < kShownElements && text.size() < kMaxMessageText; ++i) {
      std::uint64_t size = 0;
      text += (i > 0 ? ", " : "") + textOf(message, field, i, size);
    }
    if (count > kShownElements) text += ", … " + std::to_string(count - kShownElements) + " more";
    return text + "]";
  }

  // A list or map that one side has none of is one difference.
  bool diffWhole(const pb::Message& recorded, const pb::Message& sent, const Field& field, const Walk& walk) {
    const int left = recorded.GetReflection()->FieldSize(recorded, &field);
    const int right = sent.GetReflection()->FieldSize(sent, &field);
    // One element is told by its place; and an element may be ignored.
    if ((left > 0 && right > 0) || left + right < 2 || !walk.dead()) return false;
    m_sink.oneSided(left > 0, static_cast<std::size_t>(left + right),
                    [&](std::uint64_t&) { return listText(left > 0 ? recorded : sent, field); });
    return true;
  }

  static std::uint64_t hashOf(const pb::Message& message, const Field& field, int index) {
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE) return messageHash(messageAt(message, field, index));
    std::string scratch;
    const ScalarValue value = scalarValue(message, field, index, scratch);
    return isText(field) ? messageKey(value.text, 0).low : value.bits;
  }

  static std::vector<std::uint64_t> hashes(const pb::Message& message, const Field& field) {
    std::vector<std::uint64_t> all;
    const int count = message.GetReflection()->FieldSize(message, &field);
    all.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) all.push_back(hashOf(message, field, i));
    return all;
  }

  double elementLikeness(const pb::Message& recorded, int a, const pb::Message& sent, int b,
                         const Field& field) const {
    if (m_isRough) return 0;
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE &&
        messageAt(recorded, field, a).ByteSizeLong() + messageAt(sent, field, b).ByteSizeLong() >
            DifferenceSink::kMaxLikeness)
      return 0;
    DifferenceSink inner(0);
    SchemaDiffer(m_schema, inner, m_anyDepth, true).diffValues(recorded, a, sent, b, field, {});
    return inner.take().nearness();
  }

  void diffList(const pb::Message& recorded, const pb::Message& sent, const Field& field, const Walk& walk) {
    if (diffWhole(recorded, sent, field, walk)) return;
    const auto pairs =
        alignLists(hashes(recorded, field), hashes(sent, field), [&](std::uint32_t a, std::uint32_t b) {
          return elementLikeness(recorded, static_cast<int>(a), sent, static_cast<int>(b), field);
        });
    for (const auto& [a, b] : pairs) {
      const Walk left = walk.element(std::uint64_t{a == kNoElement ? b : a});
      const Walk into =
          a == b || a == kNoElement || b == kNoElement ? left : left.with(walk.element(std::uint64_t{b}));
      if (into.covered()) {
        m_sink.ignored();
        continue;
      }
      m_sink.path().segments.back().index = b == kNoElement ? a : b;
      if (a == kNoElement) {
        oneElement(sent, field, static_cast<int>(b), false);
      } else if (b == kNoElement) {
        oneElement(recorded, field, static_cast<int>(a), true);
      } else {
        if (a != b) m_sink.enterMoved();
        diffValues(recorded, static_cast<int>(a), sent, static_cast<int>(b), field, into);
        if (a != b) m_sink.leaveMoved();
      }
    }
  }

  void oneElement(const pb::Message& message, const Field& field, int index, bool isRecorded) {
    m_sink.oneSided(isRecorded, leavesOf(message, field, index),
                    [&](std::uint64_t& size) { return textOf(message, field, index, size); });
  }

  // Entries by key: a string's text, or a number's bits in the order of the numbers.
  using Entries = std::map<std::pair<std::uint64_t, std::string>, const pb::Message*>;
  static Entries entriesOf(const pb::Message& message, const Field& field) {
    const Field& key = *field.message_type()->map_key();
    const bool isSigned = key.cpp_type() == Field::CPPTYPE_INT32 || key.cpp_type() == Field::CPPTYPE_INT64;
    Entries entries;
    std::string scratch;
    for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
      const pb::Message& entry = messageAt(message, field, i);
      const ScalarValue value = scalarValue(entry, key, -1, scratch);
      // Of two with one key the later one counts, as for any parser.
      entries[{isSigned ? value.bits ^ std::uint64_t{1} << 63 : value.bits, std::string(value.text)}] =
          &entry;
    }
    return entries;
  }

  void diffMap(const pb::Message& recorded, const pb::Message& sent, const Field& field, const Walk& walk) {
    if (diffWhole(recorded, sent, field, walk)) return;
    const Entries left = entriesOf(recorded, field);
    const Entries right = entriesOf(sent, field);
    std::vector<std::uint64_t> onlyLeft;
    std::vector<std::uint64_t> onlyRight;
    auto a = left.begin();
    auto b = right.begin();
    while (a != left.end() || b != right.end()) {
      const bool takeA = b == right.end() || (a != left.end() && a->first <= b->first);
      const bool takeB = a == left.end() || (b != right.end() && b->first <= a->first);
      if (!takeB) onlyLeft.push_back(hashOf(*a->second, *field.message_type()->map_value(), -1));
      if (!takeA) onlyRight.push_back(hashOf(*b->second, *field.message_type()->map_value(), -1));
      diffEntries(takeA ? (a++)->second : nullptr, takeB ? (b++)->second : nullptr, field, walk);
    }
    // A value under another key is one change rather than two.
    std::sort(onlyLeft.begin(), onlyLeft.end());
    std::sort(onlyRight.begin(), onlyRight.end());
    std::vector<std::uint64_t> renamed;
    std::set_intersection(onlyLeft.begin(), onlyLeft.end(), onlyRight.begin(), onlyRight.end(),
                          std::back_inserter(renamed));
    m_sink.renamed(renamed.size());
  }

  // Either may be null, not both.
  void diffEntries(const pb::Message* recorded, const pb::Message* sent, const Field& field,
                   const Walk& walk) {
    const Field& keyField = *field.message_type()->map_key();
    const Field& valueField = *field.message_type()->map_value();
    const pb::Message& some = recorded ? *recorded : *sent;
    std::string scratch;
    const ScalarValue key = scalarValue(some, keyField, -1, scratch);
    const Walk into = isText(keyField) ? walk.element(key.text) : walk.element(key.bits);
    if (into.covered()) return m_sink.ignored();
    PathSegment& segment = m_sink.path().segments.back();
    if (isText(keyField))
      segment.key = key.text;
    else
      segment.index = key.bits;
    if (recorded && sent)
      diffValues(*recorded, -1, *sent, -1, valueField, into);
    else
      oneElement(some, valueField, -1, recorded != nullptr);
  }

  // False when the two are messages as any other.
  bool diffAny(const pb::Message& recorded, const pb::Message& sent, const Walk& walk) {
    const pb::Reflection& r = *recorded.GetReflection();
    const Field& url = *recorded.GetDescriptor()->FindFieldByNumber(1);
    const Field& value = *recorded.GetDescriptor()->FindFieldByNumber(2);
    if (!r.GetUnknownFields(recorded).empty() || !sent.GetReflection()->GetUnknownFields(sent).empty())
      return false;
    const std::string leftUrl = r.GetString(recorded, &url);
    const std::string rightUrl = r.GetString(sent, &url);
    const std::string typeName(typeNameOf(leftUrl));
    const ByteView leftType = typeName;
    if (walk.field(url).covered() && walk.field(value).covered()) {
      m_sink.ignored();
      return true;
    }
    if (leftUrl != rightUrl && leftType != typeNameOf(rightUrl)) {
      // Of two types there is nothing to compare.
      m_sink.changed(0, [&] { return ValuePair{messageText(recorded), messageText(sent)}; });
      return true;
    }
    const std::size_t before = m_sink.count();
    if (leftUrl != rightUrl) {
      const Walk into = walk.field(url);
      PathStep step(m_sink, segmentOf(url));
      if (into.covered())
        m_sink.ignored();
      else
        m_sink.changed(retake::likenessOf(leftUrl, rightUrl),
                       [&] { return valuePair(leftUrl, rightUrl, true); });
    }
    const std::string left = r.GetString(recorded, &value);
    const std::string right = r.GetString(sent, &value);
    const Walk into = walk.field(value);
    diffContent(typeName, left, right, walk.any(typeName).with(into));
    if (m_sink.count() == before && left != right && !isKnown(typeName, left, right)) {
      PathStep step(m_sink, segmentOf(value));
      if (into.covered())
        m_sink.ignored();
      else
        m_sink.changed(retake::likenessOf(left, right), [&] { return valuePair(left, right, false); });
    }
    return true;
  }

  bool isKnown(const std::string& typeName, ByteView left, ByteView right) const {
    const pb::Descriptor* type = m_schema.message(typeName);
    return type && m_anyDepth < kMaxAnyDepth && parse(m_schema, *type, left) && parse(m_schema, *type, right);
  }

  void diffContent(const std::string& typeName, ByteView left, ByteView right, const Walk& into) {
    if (into.covered()) return m_sink.ignored();
    auto& segments = m_sink.path().segments;
    const std::size_t depth = segments.size();
    if (depth > 0) segments.back().anyType = typeName;
    const pb::Descriptor* type = m_schema.message(typeName);
    const auto a = type && m_anyDepth < kMaxAnyDepth ? parse(m_schema, *type, left) : nullptr;
    const auto b = a ? parse(m_schema, *type, right) : nullptr;
    if (a && b)
      SchemaDiffer(m_schema, m_sink, m_anyDepth + 1, m_isRough).messages(*a, *b, into);
    else
      diffWire(left, right, WireEquality::Exact, into, m_sink);
    if (depth > 0) segments[depth - 1].anyType.clear();
  }

  void diffUnknown(const pb::Message& recorded, const pb::Message& sent, const Walk& walk) {
    const auto& left = recorded.GetReflection()->GetUnknownFields(recorded);
    const auto& right = sent.GetReflection()->GetUnknownFields(sent);
    if (left.empty() && right.empty()) return;
    std::string a;
    std::string b;
    if (left.SerializeToString(&a) && right.SerializeToString(&b))
      diffWire(a, b, WireEquality::Exact, walk, m_sink);
  }

  const Schema& m_schema;
  DifferenceSink& m_sink;
  int m_anyDepth;
  bool m_isRough;
};

}  // namespace

bool diffWithSchema(const Schema& schema, const pb::Descriptor& type, ByteView recorded, ByteView sent,
                    const Walk& walk, DifferenceSink& sink) {
  // protobuf writes to standard error what a parser does not like; it is no news to us.
  const pb::LogSilencer silencer;
  const auto left = parse(schema, type, recorded);
  const auto right = left ? parse(schema, type, sent) : nullptr;
  if (!right) return false;
  SchemaDiffer(schema, sink).messages(*left, *right, walk);
  return true;
}

}  // namespace retake
