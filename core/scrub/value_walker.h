#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/wire.h"
#include "schema/json_reader.h"
#include "schema/schema.h"
#include "scrub/encodings.h"
#include "scrub/text_edits.h"
#include "scrub/value_walk.h"

namespace retake {

// The walk of value_walk.h, in three parts: fields (walk_message.cpp), texts and the forms they are written
// in (walk_text.cpp), JSON (walk_json.cpp).
class ValueWalker {
 public:
  ValueWalker(const Schema& schema, ValueVisitor& visitor) : m_schema(schema), m_visitor(visitor) {}

  enum class Fate : std::uint8_t { Kept, Changed, Removed };

  // Without asking for the message itself. `out` is its new bytes when it is Changed.
  Fate fields(const ValueStep* at, const google::protobuf::Descriptor* type, ByteView message,
              std::string& out);
  Fate text(const ValueStep* at, bool isMapKey, EditedText& text);
  Fate bytes(const ValueStep* at, EditedText& bytes);

 private:
  struct MessageWalk;
  // What stands in the place of a field of the message, or of several.
  struct Replacement {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string text;
  };

  Fate message(const ValueStep* at, const google::protobuf::Descriptor* type, ByteView message,
               std::string& out);
  void knownField(MessageWalk& walk, const WireField& field, const google::protobuf::FieldDescriptor& known);
  void unknownField(MessageWalk& walk, const WireField& field);
  void mapEntry(MessageWalk& walk, const WireField& field, const ValueStep& map);
  void packed(MessageWalk& walk, const WireField& field, const ValueStep& step);
  void anyValue(MessageWalk& walk, const WireField& field, const ValueStep* at);
  Fate value(const ValueStep* at, const WireField& field, const google::protobuf::FieldDescriptor* known,
             std::string& out);
  Fate number(const ValueStep* at, bool isMapKey, const WireField& field,
              const google::protobuf::FieldDescriptor* known, std::string& out);
  void finishMaps(MessageWalk& walk);

  std::optional<Fate> document(const ValueStep* at, EditedText& text);
  // What is inside of a text that the visitor has seen.
  Fate insideText(const ValueStep* at, EditedText& text);
  void escapes(const ValueStep* at, EditedText& text, std::vector<TextSpan>& words, Fate& fate);
  bool base64(const ValueStep* at, std::string_view whole, const TextSpan& range,
              std::vector<TextEdit>& edits, Fate& fate);
  void hex(const ValueStep* at, std::string_view run, std::vector<TextEdit>& edits, std::size_t offset,
           Fate& fate);
  Fate textsAmong(const ValueStep* at, EditedText& bytes);

  Fate jsonValue(const ValueStep* at, std::string_view text, const JsonValue& value,
                 std::vector<TextEdit>& edits);
  Fate jsonObject(const ValueStep* at, std::string_view text, const JsonValue& value,
                  std::vector<TextEdit>& edits);
  Fate jsonList(const ValueStep* at, std::string_view text, const JsonValue& value,
                std::vector<TextEdit>& edits);

  const Schema& m_schema;
  ValueVisitor& m_visitor;
  int m_depth = 0;
  int m_inside = 0;
};

}  // namespace retake
