#include "filter/message_search.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <vector>

#include "base/wire.h"
#include "recording/entry.h"
#include "schema/message_depth.h"
#include "schema/scalar_text.h"
#include "schema/text.h"
#include "schema/well_known.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using Walk = FieldPathSet::Walk;

std::int64_t zigzag(std::uint64_t bits) { return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1)); }

class Search {
 public:
  Search(const ValueTests& tests, const DescriptorPool* pool, bool textOnly)
      : m_tests(tests), m_pool(pool), m_textOnly(textOnly) {}

  bool message(const Descriptor* type, ByteView bytes, const Walk& walk, int depth) const {
    if (depth > kMaxMessageDepth) return false;
    if (type) {
      const WellKnown known = wellKnown(*type);
      if (known == WellKnown::Any) {
        const bool inside = any(*type, bytes, walk, depth);
        if (inside || m_textOnly) return inside;  // the name of a type is no text of the message
      }
      if (walk.covered() && (known == WellKnown::Timestamp || known == WellKnown::Duration))
        return !m_textOnly && time(known, bytes);
    }
    Seen seen(type, walk);
    WireCursor cursor(bytes);
    WireField field;
    while (cursor.next(field)) {
      const FieldDescriptor* known = fieldOf(type, field.number);
      if (known && !fitsWireType(*known, field.type) &&
          !(known->is_packable() && known->is_repeated() && field.type == WireType::Length))
        known = nullptr;
      const std::uint64_t index = seen.count(field.number);
      if (known ? knownField(*known, field, walk, index, depth) : otherField(field, walk, index, depth))
        return true;
    }
    return type && !walk.covered() && !m_textOnly && unset(*type, walk, seen);
  }

 private:
  // How often each field has occurred. Only where somebody asks: a subscript, or a field that is not set.
  class Seen {
   public:
    Seen(const Descriptor*, const Walk& walk) : m_needed(!walk.covered()) {}
    std::uint64_t count(std::uint32_t number) {
      if (!m_needed) return 0;
      for (auto& [known, times] : m_counts)
        if (known == number) return times++;
      if (m_counts.size() == kFew) return m_more[number]++;
      m_counts.emplace_back(number, 1);
      return 0;
    }
    bool has(std::uint32_t number) const {
      return m_more.contains(number) ||
             std::any_of(m_counts.begin(), m_counts.end(),
                         [number](const auto& count) { return count.first == number; });
    }

   private:
    bool m_needed;
    static constexpr std::size_t kFew = 32;  // looked through faster than hashed
    std::vector<std::pair<std::uint32_t, std::uint64_t>> m_counts;
    std::unordered_map<std::uint32_t, std::uint64_t> m_more;
  };

  const FieldDescriptor* fieldOf(const Descriptor* type, std::uint32_t number) const {
    if (!type) return nullptr;
    if (const auto* field = type->FindFieldByNumber(static_cast<int>(number))) return field;
    if (!type->IsExtensionNumber(static_cast<int>(number))) return nullptr;
    return type->file()->pool()->FindExtensionByNumber(type, static_cast<int>(number));
  }

  template <typename Ask>
  bool ask(const Ask& matches) const {
    return m_tests.ask(matches);
  }
  bool text(std::string_view value) const {
    return ask([&](const ValueTest& test) { return test.ofText(value); });
  }
  bool bytes(ByteView value) const {
    if (m_textOnly) return isPrintable(value) && text(value);
    return ask([&](const ValueTest& test) { return test.ofBytes(value); });
  }
  bool number(const FilterNumber& value) const {
    return !m_textOnly && ask([&](const ValueTest& test) { return test.ofNumber(value); });
  }

  bool scalar(const FieldDescriptor& field, std::uint64_t bits) const {
    if (m_textOnly) return false;
    switch (field.type()) {
      case FieldDescriptor::TYPE_INT32:
      case FieldDescriptor::TYPE_SFIXED32:
        return number(FilterNumber::of(std::int64_t{static_cast<std::int32_t>(bits)}));
      case FieldDescriptor::TYPE_INT64:
      case FieldDescriptor::TYPE_SFIXED64:
        return number(FilterNumber::of(static_cast<std::int64_t>(bits)));
      case FieldDescriptor::TYPE_UINT32:
      case FieldDescriptor::TYPE_FIXED32:
        return number(FilterNumber::of(std::uint64_t{static_cast<std::uint32_t>(bits)}));
      case FieldDescriptor::TYPE_SINT32:
        return number(FilterNumber::of(
            std::int64_t{static_cast<std::int32_t>(zigzag(static_cast<std::uint32_t>(bits)))}));
      case FieldDescriptor::TYPE_SINT64:
        return number(FilterNumber::of(zigzag(bits)));
      case FieldDescriptor::TYPE_FLOAT:
        return real(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))),
                    floatText(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
      case FieldDescriptor::TYPE_DOUBLE:
        return real(std::bit_cast<double>(bits), doubleText(std::bit_cast<double>(bits)));
      case FieldDescriptor::TYPE_BOOL:
        return ask([&](const ValueTest& test) { return test.ofBool(bits != 0); });
      case FieldDescriptor::TYPE_ENUM:
        return ask([&](const ValueTest& test) {
          return test.ofEnum(*field.enum_type(), static_cast<std::int32_t>(bits));
        });
      default:
        return number(FilterNumber::of(bits));
    }
  }
  // 0.1 as it is written is not the float next to it.
  bool real(double value, const std::string& shown) const {
    return ask([&](const ValueTest& test) {
      if (test.op == ValueTest::Op::Matches) return test.ofText(shown);
      if (test.ofNumber(FilterNumber::of(value))) return true;
      return (test.op == ValueTest::Op::Equals || test.op == ValueTest::Op::Contains) && test.number &&
             test.number->unit == FilterNumber::Unit::None &&
             (equalsIgnoringCase(doubleText(test.number->real), shown));
    });
  }

  // A value where the walk stands.
  bool value(const FieldDescriptor& field, const WireField& wire, const Walk& walk, int depth) const {
    switch (field.type()) {
      case FieldDescriptor::TYPE_MESSAGE:
      case FieldDescriptor::TYPE_GROUP:
        return message(field.message_type(), wire.bytes, walk, depth + 1);
      case FieldDescriptor::TYPE_STRING:
        return walk.covered() && text(wire.bytes);
      case FieldDescriptor::TYPE_BYTES:
        return walk.covered() && bytes(wire.bytes);
      default:
        return walk.covered() && scalar(field, wire.value);
    }
  }

  bool knownField(const FieldDescriptor& field, const WireField& wire, const Walk& walk, std::uint64_t index,
                  int depth) const {
    const Walk here = walk.field(field);
    if (here.dead()) return false;
    if (field.is_map()) return mapEntry(field, wire.bytes, here, depth);
    if (!field.is_repeated()) return value(field, wire, here, depth);
    if (wire.type == WireType::Length && field.is_packable()) return packed(field, wire.bytes, here);
    const Walk element = here.element(index);
    return !element.dead() && value(field, wire, element, depth);
  }

  bool packed(const FieldDescriptor& field, ByteView payload, const Walk& walk) const {
    if (m_textOnly) return false;
    std::uint64_t index = 0;
    const bool is32 = fitsWireType(field, WireType::Fixed32);
    const bool is64 = fitsWireType(field, WireType::Fixed64);
    const auto ofElement = [&](std::uint64_t bits) {
      return walk.element(index++).covered() && scalar(field, bits);
    };
    if (is32 || is64) {
      for (const std::size_t width = is32 ? 4 : 8; payload.size() >= width; payload.remove_prefix(width)) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < width; ++i)
          bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(payload[i])) << (8 * i);
        if (ofElement(bits)) return true;
      }
      return false;
    }
    while (!payload.empty()) {
      std::uint64_t bits = 0;
      std::size_t at = 0;
      for (unsigned shift = 0; at < payload.size() && shift < 70; shift += 7) {
        const auto byte = static_cast<unsigned char>(payload[at++]);
        bits |= static_cast<std::uint64_t>(byte & 0x7fu) << (shift < 64 ? shift : 63);
        if (byte < 0x80) break;
      }
      payload.remove_prefix(at);
      if (ofElement(bits)) return true;
    }
    return false;
  }

  bool mapEntry(const FieldDescriptor& map, ByteView entry, const Walk& walk, int depth) const {
    const FieldDescriptor& keyField = *map.message_type()->map_key();
    const FieldDescriptor& valueField = *map.message_type()->map_value();
    WireField key;  // what is absent has its default
    WireField content;
    WireCursor cursor(entry);
    WireField field;
    while (cursor.next(field)) {
      if (field.number == 1 && fitsWireType(keyField, field.type)) key = field;
      if (field.number == 2 && fitsWireType(valueField, field.type)) content = field;
    }
    if (walk.covered() && value(keyField, key, walk, depth)) return true;
    const bool byText = keyField.type() == FieldDescriptor::TYPE_STRING;
    const bool isZigzag =
        keyField.type() == FieldDescriptor::TYPE_SINT32 || keyField.type() == FieldDescriptor::TYPE_SINT64;
    const Walk element = byText     ? walk.element(std::string_view(key.bytes))
                         : isZigzag ? walk.element(static_cast<std::uint64_t>(zigzag(key.value)))
                                    : walk.element(signExtended(keyField, key.value));
    return !element.dead() && value(valueField, content, element, depth);
  }
  // The key as a path gives it: the two's complement of a negative number.
  static std::uint64_t signExtended(const FieldDescriptor& field, std::uint64_t bits) {
    return field.type() == FieldDescriptor::TYPE_SFIXED32
               ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(bits)})
               : bits;
  }

  // Without a descriptor.
  bool otherField(const WireField& wire, const Walk& walk, std::uint64_t index, int depth) const {
    Walk here = walk.field(wire.number);
    if (here.dead()) return false;
    here = here.element(index);
    if (here.dead()) return false;
    switch (wire.type) {
      case WireType::Group:
        return message(nullptr, wire.bytes, here, depth + 1);
      case WireType::Length: {
        const Guess guess = guessPayload({&wire.bytes, 1});
        if (here.covered() && guess != Guess::Message)
          return guess == Guess::String ? text(wire.bytes) : bytes(wire.bytes);
        return isWireMessage(wire.bytes) && message(nullptr, wire.bytes, here, depth + 1);
      }
      default:
        return here.covered() && !m_textOnly && untyped(wire);
    }
  }
  // Whatever the tree of the window shows such bits as.
  bool untyped(const WireField& wire) const {
    return ask([&](const ValueTest& test) {
      if (test.ofNumber(FilterNumber::of(wire.value))) return true;
      if (wire.type == WireType::Varint)
        return test.ofBool(wire.value == 1) ||
               (wire.value >> 63 != 0 &&
                test.ofNumber(FilterNumber::of(static_cast<std::int64_t>(wire.value))));
      if (wire.type == WireType::Fixed32)
        return test.ofNumber(FilterNumber::of(
            static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(wire.value)))));
      return test.ofNumber(FilterNumber::of(std::bit_cast<double>(wire.value)));
    });
  }

  bool any(const Descriptor& type, ByteView bytes, const Walk& walk, int depth) const {
    std::string_view url;
    ByteView content;
    WireCursor cursor(bytes);
    WireField field;
    while (cursor.next(field)) {
      if (field.type != WireType::Length) continue;
      if (field.number == 1) url = field.bytes;
      if (field.number == 2) content = field.bytes;
    }
    const std::string_view name = typeNameOf(url);
    const Walk inside = walk.any(name);
    if (inside.dead()) return false;
    const DescriptorPool* pool = m_pool ? m_pool : type.file()->pool();
    const Descriptor* held = pool->FindMessageTypeByName(std::string(name));
    return held ? message(held, content, inside, depth + 1)
                : isWireMessage(content) && message(nullptr, content, inside, depth + 1);
  }

  bool time(WellKnown known, ByteView bytes) const {
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;
    WireCursor cursor(bytes);
    WireField field;
    while (cursor.next(field)) {
      if (field.type != WireType::Varint) continue;
      if (field.number == 1) seconds = static_cast<std::int64_t>(field.value);
      if (field.number == 2) nanos = static_cast<std::int32_t>(field.value);
    }
    const bool isTime = known == WellKnown::Timestamp;
    const std::string shown =
        (isTime ? timestampText(seconds, nanos) : durationText(seconds, nanos)).value_or(std::string());
    return ask([&](const ValueTest& test) {
      return isTime ? test.ofTime(seconds, nanos, shown) : test.ofDuration(seconds, nanos, shown);
    });
  }

  // A field without presence that is not there has its default; only where the path names it.
  bool unset(const Descriptor& type, const Walk& walk, const Seen& seen) const {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.is_repeated() || field.has_presence() || seen.has(static_cast<std::uint32_t>(field.number())))
        continue;
      const Walk here = walk.field(field);
      if (here.covered() && value(field, WireField{}, here, 0)) return true;
    }
    return false;
  }

  const ValueTests& m_tests;
  const DescriptorPool* m_pool;
  bool m_textOnly;
};

const FieldPathSet& everything() {
  static const FieldPathSet all({FieldPath{{PathSegment{.kind = PathSegment::Kind::AnyDepth}}}});
  return all;
}

}  // namespace

bool hasValue(const Descriptor* type, ByteView message, const FieldPathSet& path, const ValueTests& tests,
              const DescriptorPool* pool) {
  return Search(tests, pool, false).message(type, message, path.begin(), 0);
}

bool hasText(const Descriptor* type, ByteView message, const ValueTests& tests, const DescriptorPool* pool) {
  return Search(tests, pool, true).message(type, message, everything().begin(), 0);
}

}  // namespace retake
