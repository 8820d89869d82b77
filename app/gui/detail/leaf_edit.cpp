#include "detail/leaf_edit.h"

#include <google/protobuf/descriptor.h>

#include <array>
#include <bit>
#include <charconv>
#include <limits>
#include <optional>

#include "base/utf8.h"
#include "base/wire.h"

namespace retake::gui {
namespace {

enum class Form { Signed, Unsigned, AnySign, ZigZag, Bool, Enum, Float, Double, Fixed, SignedFixed, String };

struct LeafType {
  Form form;
  WireType wire;
  int bits;
};

struct NamedType {
  std::string_view name;
  LeafType type;
};

// As message_tree.h names them: protobuf's scalar types, and those of fields without a schema.
constexpr std::array kTypes = {
    NamedType{"int32", {Form::Signed, WireType::Varint, 32}},
    NamedType{"int64", {Form::Signed, WireType::Varint, 64}},
    NamedType{"uint32", {Form::Unsigned, WireType::Varint, 32}},
    NamedType{"uint64", {Form::Unsigned, WireType::Varint, 64}},
    NamedType{"varint", {Form::AnySign, WireType::Varint, 64}},
    NamedType{"sint32", {Form::ZigZag, WireType::Varint, 32}},
    NamedType{"sint64", {Form::ZigZag, WireType::Varint, 64}},
    NamedType{"bool", {Form::Bool, WireType::Varint, 1}},
    NamedType{"fixed32", {Form::Fixed, WireType::Fixed32, 32}},
    NamedType{"fixed64", {Form::Fixed, WireType::Fixed64, 64}},
    NamedType{"sfixed32", {Form::SignedFixed, WireType::Fixed32, 32}},
    NamedType{"sfixed64", {Form::SignedFixed, WireType::Fixed64, 64}},
    NamedType{"float", {Form::Float, WireType::Fixed32, 32}},
    NamedType{"double", {Form::Double, WireType::Fixed64, 64}},
    NamedType{"string", {Form::String, WireType::Length, 0}},
};

const google::protobuf::EnumDescriptor* enumOf(const Schema& schema, const MessageNode& node) {
  return node.guessed || node.type.empty() ? nullptr : schema.pool().FindEnumTypeByName(node.type);
}

std::optional<LeafType> typeOf(const Schema& schema, const MessageNode& node) {
  for (const NamedType& named : kTypes)
    if (named.name == node.type) return named.type;
  if (enumOf(schema, node)) return LeafType{Form::Enum, WireType::Varint, 32};
  return std::nullopt;
}

template <typename T>
std::optional<T> number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::string_view(" \t").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && std::string_view(" \t").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

Error unfit(const MessageNode& node, std::string_view expected, std::string_view found) {
  return {node.name + ": expected " + std::string(expected) + ", found \"" + std::string(found) + "\""};
}

template <typename Wide, typename Narrow>
std::optional<Wide> inRange(std::string_view text, int bits) {
  const auto value = number<Wide>(text);
  if (!value || (bits == 32 && (*value < Wide{std::numeric_limits<Narrow>::min()} ||
                                *value > Wide{std::numeric_limits<Narrow>::max()})))
    return std::nullopt;
  return value;
}

// The value as the wire has it: a varint, or the bits of a fixed field.
Result<std::uint64_t> encodeNumber(const Schema& schema, const MessageNode& node, const LeafType& type,
                                   std::string_view text) {
  const std::string bits = std::to_string(type.bits);
  switch (type.form) {
    case Form::Signed:
    case Form::ZigZag:
    case Form::SignedFixed: {
      const auto value = inRange<std::int64_t, std::int32_t>(text, type.bits);
      if (!value) return unfit(node, "a whole number of " + bits + " bits", text);
      const auto raw = static_cast<std::uint64_t>(*value);
      if (type.form == Form::ZigZag) return (raw << 1) ^ static_cast<std::uint64_t>(*value >> 63);
      if (type.form == Form::SignedFixed && type.bits == 32) return raw & 0xffffffffu;
      return raw;
    }
    case Form::AnySign: {
      if (const auto value = number<std::int64_t>(text)) return static_cast<std::uint64_t>(*value);
      if (const auto value = number<std::uint64_t>(text)) return *value;
      return unfit(node, "a whole number of 64 bits", text);
    }
    case Form::Unsigned:
    case Form::Fixed: {
      const auto value = inRange<std::uint64_t, std::uint32_t>(text, type.bits);
      if (value) return *value;
      // A guess may well be a real number: the tree shows it as one too.
      if (node.guessed && text.find_first_of(".eEnN") != std::string_view::npos) {
        if (const auto real = number<double>(text))
          return type.bits == 64 ? std::bit_cast<std::uint64_t>(*real)
                                 : std::uint64_t{std::bit_cast<std::uint32_t>(static_cast<float>(*real))};
      }
      return unfit(node, "a whole number from 0, of " + bits + " bits", text);
    }
    case Form::Bool:
      if (text == "true" || text == "1") return std::uint64_t{1};
      if (text == "false" || text == "0") return std::uint64_t{0};
      return unfit(node, "true or false", text);
    case Form::Enum: {
      const auto* values = enumOf(schema, node);
      if (const auto* value = values->FindValueByName(std::string(text)))
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(value->number()));
      const auto value = inRange<std::int64_t, std::int32_t>(text, 32);
      if (!value) return unfit(node, "a name or a number of " + values->full_name(), text);
      return static_cast<std::uint64_t>(*value);
    }
    case Form::Double: {
      const auto value = number<double>(text);
      if (!value) return unfit(node, "a number", text);
      return std::bit_cast<std::uint64_t>(*value);
    }
    case Form::Float: {
      const auto value = number<float>(text);
      if (!value) return unfit(node, "a number that a float can hold", text);
      return std::uint64_t{std::bit_cast<std::uint32_t>(*value)};
    }
    case Form::String:
      break;
  }
  return unfit(node, "a number", text);
}

std::size_t varintLength(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i)
    if ((static_cast<unsigned char>(bytes[i]) & 0x80) == 0) return i + 1;
  return 0;
}

struct Payload {
  std::string bytes;
  WireType wire;
};

Result<Payload> encode(const Schema& schema, const MessageNode& node, std::string_view text) {
  const auto type = typeOf(schema, node);
  if (!type) return Error{node.name + ": a " + node.type + " is edited as JSON"};
  Payload payload{.bytes = {}, .wire = type->wire};
  if (type->form == Form::String) {
    appendVarint(payload.bytes, text.size());
    payload.bytes.append(text);
    return payload;
  }
  const auto value = encodeNumber(schema, node, *type, trimmed(text));
  if (!value) return value.error();
  if (type->wire == WireType::Varint) {
    appendVarint(payload.bytes, *value);
  } else {
    for (int i = 0; i < (type->wire == WireType::Fixed32 ? 4 : 8); ++i)
      payload.bytes.push_back(static_cast<char>(*value >> (8 * i)));
  }
  return payload;
}

// "labels[\"env\"]": the node of a map entry stands for the whole entry, with the value's type.
bool isMapEntry(const MessageNode& node) { return !node.guessed && node.name.ends_with("\"]"); }

struct Splice {
  const MessageNode& node;
  const MessageNode* parent;
  const Payload& payload;
  std::string out = {};
  std::string failure = {};

  // What the fields of a region are to the node that is looked for.
  enum class Level {
    Above,       // it may stand in any of their submessages
    Home,        // it is one of them, or an element of a packed one
    ParentEntry  // the region is a map entry, whose value is the message that it stands in
  };

  // `region` begins at `base`. True when the node was found within, and `out` is the new region.
  bool run(ByteView region, std::size_t base, Level level) {
    const std::size_t nodeEnd = node.offset + node.length;
    WireCursor cursor(region);
    while (const auto field = cursor.next()) {
      const auto start = static_cast<std::size_t>(field->raw.data() - region.data());
      const std::size_t end = start + field->raw.size();
      if (node.offset >= base + end) continue;
      if (node.offset < base + start || nodeEnd > base + end) return false;
      std::string changed;
      if (!change(*field, base + start, level, changed)) return false;
      out = std::string(region.substr(0, start)) + changed + std::string(region.substr(end));
      return true;
    }
    return false;
  }

  // `field` stands at `start` and has the node in it.
  bool change(const WireField& field, std::size_t start, Level level, std::string& changed) {
    const std::size_t tag = varintLength(field.raw);
    const auto head = static_cast<std::size_t>(field.bytes.data() - field.raw.data());
    if (level == Level::Home && node.offset == start && node.length == field.raw.size()) {
      if (isMapEntry(node)) return changeMapValue(field, changed);
      if (field.type != payload.wire) {
        failure = "its bytes have another wire type than its field";
        return false;
      }
      changed = std::string(field.raw.substr(0, tag)) + payload.bytes;
      return true;
    }
    if (field.type == WireType::Length) {
      if (level == Level::Home) {
        if (field.number != node.number || node.offset < start + head) return false;
        const std::size_t at = node.offset - start - head;
        out = std::string(field.bytes.substr(0, at)) + payload.bytes +
              std::string(field.bytes.substr(at + node.length));
      } else if (!run(field.bytes, start + head, below(field, start, level))) {
        return false;
      }
      changed = std::string(field.raw.substr(0, tag));
      appendVarint(changed, out.size());
      changed += out;
      return true;
    }
    if (field.type == WireType::Group && level != Level::Home &&
        run(field.bytes, start + head, below(field, start, level))) {
      changed = std::string(field.raw.substr(0, head)) + out +
                std::string(field.raw.substr(head + field.bytes.size()));
      return true;
    }
    return false;
  }

  Level below(const WireField& field, std::size_t start, Level level) const {
    if (level == Level::ParentEntry) return field.number == 2 ? Level::Home : Level::Above;
    if (!parent || parent->offset != start || parent->length != field.raw.size()) return Level::Above;
    return isMapEntry(*parent) ? Level::ParentEntry : Level::Home;
  }

  // The last value of an entry counts, as in protobuf's parsers; an entry may also have none.
  bool changeMapValue(const WireField& field, std::string& changed) {
    std::string entry;
    std::optional<WireField> value;
    WireCursor cursor(field.bytes);
    while (const auto part = cursor.next())
      if (part->number == 2 && part->type == payload.wire) value = part;
    if (cursor.failed()) return false;
    if (value) {
      const auto start = static_cast<std::size_t>(value->raw.data() - field.bytes.data());
      entry = std::string(field.bytes.substr(0, start)) +
              std::string(value->raw.substr(0, varintLength(value->raw))) + payload.bytes +
              std::string(field.bytes.substr(start + value->raw.size()));
    } else {
      entry = std::string(field.bytes);
      appendTag(entry, 2, payload.wire);
      entry += payload.bytes;
    }
    changed = std::string(field.raw.substr(0, varintLength(field.raw)));
    appendVarint(changed, entry.size());
    changed += entry;
    return true;
  }
};

// A string field's own bytes: the tree shows control characters escaped.
std::optional<ByteView> stringBytes(const Leaf& leaf) {
  if (leaf.node.offset > leaf.message.size()) return std::nullopt;
  WireCursor cursor(leaf.message.substr(leaf.node.offset, leaf.node.length));
  auto field = cursor.next();
  if (!field || field->type != WireType::Length) return std::nullopt;
  if (!isMapEntry(leaf.node)) return field->bytes;
  std::optional<ByteView> value = ByteView();
  WireCursor parts(field->bytes);
  while (const auto part = parts.next())
    if (part->number == 2 && part->type == WireType::Length) value = part->bytes;
  return value;
}

}  // namespace

bool canEditLeaf(const Schema& schema, const Leaf& leaf) {
  const MessageNode& node = leaf.node;
  if (!node.children.empty() || node.truncated || node.length == 0 || node.value == "[]") return false;
  const auto type = typeOf(schema, node);
  if (!type) return false;
  if (type->form != Form::String) return true;
  // A line edit has one line and shows no control characters.
  const auto bytes = stringBytes(leaf);
  if (!bytes || !isValidUtf8(*bytes)) return false;
  for (const char c : *bytes)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

std::vector<std::string> leafChoices(const Schema& schema, const MessageNode& node) {
  if (node.type == "bool") return {"true", "false"};
  std::vector<std::string> names;
  if (const auto* values = enumOf(schema, node))
    for (int i = 0; i < values->value_count(); ++i) names.push_back(values->value(i)->name());
  return names;
}

std::string leafText(const Schema& schema, const Leaf& leaf) {
  const auto type = typeOf(schema, leaf.node);
  if (!type) return leaf.node.value;
  if (type->form == Form::String) return std::string(stringBytes(leaf).value_or(ByteView(leaf.node.value)));
  // "OPEN (1)", "1069547520 (float 1.5)": what follows in brackets is for reading.
  return leaf.node.value.substr(0, leaf.node.value.find(" ("));
}

Result<void> checkLeaf(const Schema& schema, const MessageNode& node, std::string_view text) {
  const auto payload = encode(schema, node, text);
  if (!payload) return payload.error();
  return {};
}

Result<std::string> withLeaf(const Schema& schema, const Leaf& leaf, std::string_view text) {
  const auto payload = encode(schema, leaf.node, text);
  if (!payload) return payload.error();
  Splice splice{.node = leaf.node, .parent = leaf.parent, .payload = *payload};
  if (!splice.run(leaf.message, 0, leaf.parent ? Splice::Level::Above : Splice::Level::Home))
    return Error{leaf.node.name + ": cannot be changed in place" +
                 (splice.failure.empty() ? std::string() : ", since " + splice.failure) +
                 "; edit it as JSON"};
  return std::move(splice.out);
}

}  // namespace retake::gui
