#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "schema/schema.h"

namespace google::protobuf {
class FieldDescriptor;
}

namespace retake {

// One step on the way down from a message, or a text, to a value. Lives while the visitor is told of what is
// at it or below it.
struct ValueStep {
  enum class Kind : std::uint8_t {
    Field,    // `field` or, where that is not known, `number`
    Element,  // `index`: how many of the field stood before it. Also of a field without a type
    Key,      // of a map: `text`, or `index` where it is a number or bool
    Any,      // into the message of type `text` that a google.protobuf.Any holds
    Member,   // of an object in JSON: `text`
    Item,     // of a list in JSON: `index`
    Inside    // through a form that the value is written in, `text`: "JSON", "base64", "hex", "URL-escaped",
              // "message", "bytes" (text that stands among bytes which are none)
  };
  Kind kind = Kind::Field;
  bool isOnly = false;   // Element of a field without a type that stands there once
  bool hasText = false;  // Key: of a string
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::uint32_t number = 0;
  std::uint64_t index = 0;
  std::string_view text = {};
  const ValueStep* parent = nullptr;
  mutable std::uint32_t mark = 0;  // the visitor's own; 0 at first
};

// Where a walk stands. Paths are made when asked for, not on the way.
class ValuePlace {
 public:
  explicit ValuePlace(const ValueStep* last, bool isMapKey = false) : m_last(last), m_isMapKey(isMapKey) {}
  // The last step to here; null at what the walk began with.
  const ValueStep* last() const { return m_last; }
  // As schema/field_path.h writes it; members of JSON follow the field that holds it.
  std::string path() const;
  // Of the nearest field or member of JSON; its number without a schema. Empty at the beginning.
  std::string fieldName() const;
  // The nearest; null: not known.
  const google::protobuf::FieldDescriptor* field() const;
  // Also the key of a member of JSON.
  bool isMapKey() const { return m_isMapKey; }
  // How the value lies in the message: "", or such as "URL-escaped, base64, JSON".
  std::string inside() const;

 private:
  const ValueStep* m_last;
  bool m_isMapKey;
};

// In place of `length` bytes at `offset`.
struct TextEdit {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string text = {};
  bool operator==(const TextEdit&) const = default;
};

// What a visitor makes of a value: keep it, another one, edits of it (ascending, apart from each other), or
// take it out (then the field, element, map entry or JSON member that holds it goes). Edits leave everything
// else as it is, also where the value is written in escapes or base64. What is left or new is looked into
// after Keep and Edits, not after Set.
struct ValueChange {
  enum class Kind : std::uint8_t { Keep, Set, Edits, Remove } kind = Kind::Keep;
  std::string value = {};            // Set
  std::vector<TextEdit> edits = {};  // Edits, of texts alone
};

// Told of every value of a message, in the order of its bytes; of a map entry the key first.
class ValueVisitor {
 public:
  virtual ~ValueVisitor() = default;
  // False: nothing in this field, nor inside it, is of interest. Asked of each field of a message first.
  virtual bool visits(const ValuePlace& place);
  // False: what is inside need not be walked. Asked before each message but the outermost, map entries among
  // them; `type` is null where it is not known.
  virtual bool enters(const ValuePlace& place, const google::protobuf::Descriptor* type);
  // The same of a text, bytes that hold text among them: for JSON, base64, hex and URL escapes in it.
  virtual bool looksInto(const ValuePlace& place, std::string_view text);
  // A string, a map key, a text in JSON, bytes that hold text, and text in what these hold. Not the type URL
  // of an Any, and not a text that is a document in JSON: of that, its texts and keys.
  virtual ValueChange text(const ValuePlace& place, std::string_view value) = 0;
  // An object or a list in JSON as a whole, before its values; Set and Remove alone.
  virtual ValueChange document(const ValuePlace& place, std::string_view json);
  // Bytes that hold no text; after Keep, those that hold a message and text among bytes are looked into.
  virtual ValueChange bytes(const ValuePlace& place, ByteView value);
  // Any number, bool or enum: `text` is its decimal form ("0" and "1" of a bool; in JSON as written there,
  // also true and false). A value that is Set is read by the field's type and kept as it was where that
  // cannot be; in JSON it becomes a string then.
  virtual ValueChange number(const ValuePlace& place, std::string_view text);
  // A whole message, before its values: Set is its new bytes. Asked after enters().
  virtual ValueChange message(const ValuePlace& place, const google::protobuf::Descriptor* type,
                              ByteView value);
};

// Walks `message`, of `type` where that is known, else by field number and as guessed, into nested messages,
// lists, maps, Any, and into bytes and strings that hold a message or JSON. Gives the message with what the
// visitor changed; nothing where it changed nothing. Fields that it keeps keep their bytes and order, unknown
// ones too. At most 100 levels deep; what lies deeper, and what follows where a message cannot be read on, is
// one value of bytes.
//
// Keys of a map, or of an object in JSON, that a visitor makes equal are told apart again ("x", "x~2", ... ;
// the next free number), by the order of what they were, so that no entry is lost.
std::optional<std::string> walkValues(const Schema& schema, const google::protobuf::Descriptor* type,
                                      ByteView message, ValueVisitor& visitor);
// The same of a text on its own (a status message, a metadata value, an initial state that is text or JSON).
std::optional<std::string> walkText(std::string_view text, ValueVisitor& visitor);
// Of bytes that may be text, JSON, a message, or none of these (the value of a "-bin" key, an initial state).
std::optional<std::string> walkBytes(const Schema& schema, ByteView bytes, ValueVisitor& visitor);

}  // namespace retake
