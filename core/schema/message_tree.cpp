#include "schema/message_tree.h"

#include <google/protobuf/descriptor.h>

#include <map>
#include <optional>

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
using google::protobuf::FieldDescriptor;

std::string typeText(const FieldDescriptor& field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return field.message_type()->full_name();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return field.enum_type()->full_name();
  return field.type_name();
}

const FieldDescriptor* findField(const Descriptor& type, std::uint32_t number) {
  const auto n = static_cast<int>(number);
  if (const FieldDescriptor* field = type.FindFieldByNumber(n)) return field;
  return type.IsExtensionNumber(n) ? type.file()->pool()->FindExtensionByNumber(&type, n) : nullptr;
}

// The last occurrence of a field counts, as in protobuf's parsers.
std::optional<WireField> lastField(ByteView message, std::uint32_t number, WireType type) {
  std::optional<WireField> found;
  WireCursor cursor(message);
  while (const auto field = cursor.next())
    if (field->number == number && field->type == type) found = field;
  return found;
}

std::optional<std::string> timeText(WellKnown kind, ByteView message) {
  if (kind != WellKnown::Timestamp && kind != WellKnown::Duration) return std::nullopt;
  const auto seconds = lastField(message, 1, WireType::Varint);
  const auto nanos = lastField(message, 2, WireType::Varint);
  const auto s = static_cast<std::int64_t>(seconds ? seconds->value : 0);
  const auto n = static_cast<std::int32_t>(nanos ? nanos->value : 0);
  return kind == WellKnown::Timestamp ? timestampText(s, n) : durationText(s, n);
}

class Walker {
 public:
  Walker(const Schema& schema, ByteView root, std::size_t maxNodes, MessageTree& tree)
      : m_schema(schema), m_root(root), m_maxNodes(maxNodes), m_tree(tree) {}

  // `type` may be null. `path` is where `message` stands, for damage.
  void walk(const Descriptor* type, ByteView message, const std::string& path, int depth,
            std::vector<MessageNode>& out) {
    if (depth > kMaxMessageDepth) return damage(path, "nests more than 100 deep", message.data());
    Level level{.type = type, .message = message, .path = path, .depth = depth, .indices = {}, .unknown = {}};
    WireCursor cursor(message);
    while (const auto field = cursor.next()) {
      const FieldDescriptor* known = type ? findField(*type, field->number) : nullptr;
      if (known && fitsWireType(*known, field->type)) {
        knownField(level, *known, *field, out);
      } else if (known && known->is_packable() && field->type == WireType::Length) {
        packed(level, *known, *field, out);
      } else {
        unknownField(level, *field, out);
      }
    }
    if (cursor.failed()) damage(path, cursor.failure(), message.data() + cursor.offset());
  }

 private:
  struct Unknown {
    Guess guess = Guess::Bytes;
    std::size_t count = 0;  // of all wire types
    std::size_t next = 0;
  };
  struct Level {
    const Descriptor* type;
    ByteView message;
    const std::string& path;
    int depth;
    std::map<std::uint32_t, std::size_t> indices;             // of the next element of a repeated field
    std::optional<std::map<std::uint32_t, Unknown>> unknown;  // made when the first one is met
  };

  std::size_t offsetOf(const char* place) const { return static_cast<std::size_t>(place - m_root.data()); }

  void damage(const std::string& path, const std::string& what, const char* place) {
    if (!m_tree.damage.empty()) return;
    m_tree.damage =
        (path.empty() ? "" : path + ": ") + what + " (byte " + std::to_string(offsetOf(place)) + ")";
  }

  // A new node for these bytes; null when there are enough.
  MessageNode* add(std::vector<MessageNode>& out, std::string name, std::uint32_t number, ByteView bytes) {
    if (m_count >= m_maxNodes) {
      ++m_tree.omitted;
      return nullptr;
    }
    ++m_count;
    MessageNode& node = out.emplace_back();
    node.name = std::move(name);
    node.number = number;
    node.offset = offsetOf(bytes.data());
    node.length = bytes.size();
    return &node;
  }

  static std::string pathTo(const Level& level, const std::string& name) {
    return level.path.empty() ? name : level.path + "." + name;
  }

  static std::string nameOf(Level& level, const FieldDescriptor& field) {
    std::string name = field.is_extension() ? "[" + field.full_name() + "]" : field.name();
    if (field.is_repeated())
      name += "[" + std::to_string(level.indices[static_cast<std::uint32_t>(field.number())]++) + "]";
    return name;
  }

  void knownField(Level& level, const FieldDescriptor& field, const WireField& wire,
                  std::vector<MessageNode>& out) {
    if (field.is_map()) return mapEntry(level, field, wire, out);
    MessageNode* node = add(out, nameOf(level, field), wire.number, wire.raw);
    if (!node) return;
    node->type = typeText(field);
    const bool isAny = level.type && field.number() == 2 && wellKnown(*level.type) == WellKnown::Any;
    if (isAny && anyValue(level, *node, wire)) return;
    value(field, wire, pathTo(level, node->name), level.depth, *node);
  }

  // What one occurrence of `field` holds.
  void value(const FieldDescriptor& field, const WireField& wire, const std::string& path, int depth,
             MessageNode& node) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (const auto time = timeText(wellKnown(*field.message_type()), wire.bytes)) node.value = *time;
      walk(field.message_type(), wire.bytes, path, depth + 1, node.children);
    } else if (field.type() == FieldDescriptor::TYPE_STRING) {
      show(node, stringText(wire.bytes));
      checkUtf8(field, wire.bytes, path);
    } else if (field.type() == FieldDescriptor::TYPE_BYTES) {
      show(node, bytesText(wire.bytes));
    } else {
      node.value = scalarText(field, wire.value);
    }
  }

  // Protobuf's parsers refuse strings of proto3 that are no UTF-8; those of proto2 hold anything.
  void checkUtf8(const FieldDescriptor& field, ByteView text, const std::string& path) {
    if (field.type() != FieldDescriptor::TYPE_STRING ||
        field.file()->syntax() != google::protobuf::FileDescriptor::SYNTAX_PROTO3)
      return;
    if (const std::size_t valid = validUtf8(text); valid != text.size())
      damage(path, "expected UTF-8, found a byte that is none", text.data() + valid);
  }

  static void show(MessageNode& node, ShownValue shown) {
    node.value = std::move(shown.text);
    node.truncated = shown.truncated;
  }

  // One node an element; its bytes are the element's alone.
  void packed(Level& level, const FieldDescriptor& field, const WireField& wire,
              std::vector<MessageNode>& out) {
    if (wire.bytes.empty()) {
      if (MessageNode* node = add(out, field.name(), wire.number, wire.raw)) {
        node->type = typeText(field);
        node->value = "[]";
      }
      return;
    }
    const std::size_t width = fitsWireType(field, WireType::Fixed64)   ? 8
                              : fitsWireType(field, WireType::Fixed32) ? 4
                                                                       : 0;
    for (std::size_t at = 0; at < wire.bytes.size();) {
      std::uint64_t bits = 0;
      const std::size_t length =
          width > 0 ? fixedAt(wire.bytes.substr(at), width, bits) : varintAt(wire.bytes.substr(at), bits);
      if (length == 0)
        return damage(pathTo(level, field.name()), "a packed number is cut off", wire.bytes.data() + at);
      if (MessageNode* node = add(out, nameOf(level, field), wire.number, wire.bytes.substr(at, length))) {
        node->type = typeText(field);
        node->value = scalarText(field, bits);
      }
      at += length;
    }
  }

  static std::size_t fixedAt(ByteView bytes, std::size_t width, std::uint64_t& bits) {
    if (bytes.size() < width) return 0;
    for (std::size_t i = 0; i < width; ++i)
      bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[i])) << (8 * i);
    return width;
  }

  static std::size_t varintAt(ByteView bytes, std::uint64_t& bits) {
    for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes[i]);
      bits |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
      if (byte < 0x80) return i + 1;
    }
    return 0;
  }

  // labels["env"]: named by its key, with the value as its own.
  void mapEntry(Level& level, const FieldDescriptor& field, const WireField& wire,
                std::vector<MessageNode>& out) {
    const FieldDescriptor& keyField = *field.message_type()->map_key();
    const FieldDescriptor& valueField = *field.message_type()->map_value();
    std::string key = defaultText(keyField);
    std::optional<WireField> found;
    std::vector<WireField> others;
    WireCursor cursor(wire.bytes);
    while (const auto part = cursor.next()) {
      if (part->number == 1 && fitsWireType(keyField, part->type)) {
        key =
            part->type == WireType::Length ? stringText(part->bytes).text : scalarText(keyField, part->value);
        checkUtf8(keyField, part->bytes, pathTo(level, field.name()));
      } else if (part->number == 2 && fitsWireType(valueField, part->type)) {
        found = part;
      } else {
        others.push_back(*part);
      }
    }
    std::string name = field.name() + "[\"";
    for (const char c : key) name += c == '"' ? std::string("\\\"") : std::string(1, c);
    MessageNode* node = add(out, name + "\"]", wire.number, wire.raw);
    const std::string path = pathTo(level, name + "\"]");
    if (cursor.failed()) damage(path, cursor.failure(), wire.bytes.data() + cursor.offset());
    if (!node) return;
    node->type = typeText(valueField);
    if (found) {
      value(valueField, *found, path, level.depth + 1, *node);
    } else {
      node->value = defaultText(valueField);
    }
    Level inside{.type = nullptr,
                 .message = wire.bytes,
                 .path = path,
                 .depth = level.depth + 1,
                 .indices = {},
                 .unknown = {}};
    for (const WireField& other : others) unknownField(inside, other, node->children);
  }

  // The content of an Any, where its type is known.
  bool anyValue(const Level& level, MessageNode& node, const WireField& wire) {
    const auto url = lastField(level.message, 1, WireType::Length);
    const std::string_view name = url ? typeNameOf(url->bytes) : std::string_view();
    const Descriptor* type = m_schema.message(name);
    if (!type) return false;
    node.type = type->full_name();
    if (const auto time = timeText(wellKnown(*type), wire.bytes)) node.value = *time;
    walk(type, wire.bytes, pathTo(level, node.name), level.depth + 1, node.children);
    return true;
  }

  void unknownField(Level& level, const WireField& wire, std::vector<MessageNode>& out) {
    if (!level.unknown) {
      level.unknown.emplace();
      for (const WireGroup& group : groupWireFields(level.message)) {
        Unknown& unknown = (*level.unknown)[group.number];
        unknown.count += group.fields.size();
        if (group.type == WireType::Length) unknown.guess = group.guess;
      }
    }
    Unknown& unknown = (*level.unknown)[wire.number];
    std::string name = std::to_string(wire.number);
    if (unknown.count > 1) name += "[" + std::to_string(unknown.next++) + "]";
    MessageNode* node = add(out, name, wire.number, wire.raw);
    if (!node) return;
    node->guessed = true;
    const std::string path = pathTo(level, node->name);
    switch (wire.type) {
      case WireType::Varint:
        node->type = "varint";
        break;
      case WireType::Fixed32:
        node->type = "fixed32";
        break;
      case WireType::Fixed64:
        node->type = "fixed64";
        break;
      case WireType::Group:
        node->type = "group";
        return walk(nullptr, wire.bytes, path, level.depth + 1, node->children);
      case WireType::Length:
        if (unknown.guess == Guess::Message && level.depth < kMaxMessageDepth) {
          node->type = "message";
          return walk(nullptr, wire.bytes, path, level.depth + 1, node->children);
        }
        node->type = unknown.guess == Guess::String ? "string" : "bytes";
        return show(*node, unknown.guess == Guess::String ? stringText(wire.bytes) : bytesText(wire.bytes));
    }
    node->value = wireText(wire.type, wire.value);
  }

  const Schema& m_schema;
  ByteView m_root;
  std::size_t m_maxNodes;
  MessageTree& m_tree;
  std::size_t m_count = 0;
};

}  // namespace

MessageTree describeMessage(const Schema& schema, std::string_view typeName, ByteView message,
                            std::size_t maxNodes) {
  MessageTree tree;
  tree.typeName = typeName;
  const Descriptor* type = schema.message(typeName);
  tree.known = type != nullptr;
  Walker(schema, message, maxNodes, tree).walk(type, message, {}, 0, tree.fields);
  return tree;
}

}  // namespace retake
