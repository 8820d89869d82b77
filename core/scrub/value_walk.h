#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "schema/field_path.h"
#include "schema/schema.h"

namespace google::protobuf {
class FieldDescriptor;
}

namespace retake {

// Where a walk through a message stands. Paths are made when asked for, not on the way.
class ValuePlace {
 public:
  virtual ~ValuePlace() = default;
  virtual std::string path() const = 0;  // as schema/field_path.h writes it
  virtual std::string_view fieldName()
      const = 0;  // of the nearest field or JSON key; its number without a schema
  virtual const google::protobuf::FieldDescriptor* field() const = 0;  // null: not known
  virtual bool isMapKey() const = 0;
  // How the value lies in the field: empty, or "JSON", "base64", "hex", "URL-escaped", joined by ", ".
  virtual std::string inside() const = 0;
};

// What a visitor makes of a value: keep it, another one, or take it out (then the field, element, map entry
// or JSON member that holds it goes).
struct ValueChange {
  enum class Kind : std::uint8_t { Keep, Set, Remove } kind = Kind::Keep;
  std::string value = {};
};

// Told of every value of a message, in the order of its bytes.
class ValueVisitor {
 public:
  virtual ~ValueVisitor() = default;
  // False: what is inside need not be walked (no rule leads there). Asked before each message, list and map.
  virtual bool enters(const ValuePlace& place, const google::protobuf::Descriptor* type);
  // A string, a map key, a text in JSON, or bytes that hold text.
  virtual ValueChange text(const ValuePlace& place, std::string_view value) = 0;
  virtual ValueChange bytes(const ValuePlace& place, ByteView value);
  // Any number, bool or enum: `text` is its decimal form; a value that is Set is parsed by the field's type.
  virtual ValueChange number(const ValuePlace& place, std::string_view text);
  // A whole message, before its values: Set is its new bytes.
  virtual ValueChange message(const ValuePlace& place, const google::protobuf::Descriptor* type,
                              ByteView value);
};

// Walks `message`, of `type` where that is known, else by field number and as guessed, into nested messages,
// lists, maps, Any, and into bytes and strings that hold a message or JSON. Gives the message with what the
// visitor changed; nothing where it changed nothing. Fields that it keeps keep their bytes and order, unknown
// ones too. At most 100 levels deep; what lies deeper, or cannot be parsed, is one value of bytes.
std::optional<std::string> walkValues(const Schema& schema, const google::protobuf::Descriptor* type,
                                      ByteView message, ValueVisitor& visitor);
// The same of a text on its own (a status message, a metadata value, an initial state that is text or JSON).
std::optional<std::string> walkText(std::string_view text, ValueVisitor& visitor);

}  // namespace retake
