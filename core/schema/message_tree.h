#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "schema/schema.h"

namespace retake {

// A message as a tree for people: one node a field occurrence, in the order of the bytes, with the
// place of its bytes, so that a view can show both. With a schema, names and types; without one (and
// for unknown fields), fields by number and types as guessed, marked as guesses.
struct MessageNode {
  std::string name;  // "items[2]", "labels[\"env\"]", or the number "7" where no name is known
  std::uint32_t number = 0;
  std::string type;   // "string", "int32", "shop.v1.Item", "varint"
  std::string value;  // as text: a number, the string itself, an enum's name and number; empty for messages
  bool guessed = false;
  bool truncated = false;  // value is the beginning of something longer than 4 KiB
  std::size_t offset = 0;  // of the field's tag, from the start of the message
  std::size_t length = 0;  // tag and payload, in bytes
  std::vector<MessageNode> children;
};

struct MessageTree {
  std::string typeName;
  bool known = false;  // the type is in the schema
  std::vector<MessageNode> fields;
  // What is wrong with the bytes, with the offset; what could be read before it is in `fields`.
  std::string damage;
  std::uint64_t omitted = 0;  // nodes left out because there were more than `maxNodes`
};

// google.protobuf.Any is opened where its type is known. Nests 100 deep at most.
MessageTree describeMessage(const Schema& schema, std::string_view typeName, ByteView message,
                            std::size_t maxNodes = 100'000);

}  // namespace retake
