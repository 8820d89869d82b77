#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "schema/message_tree.h"

// Changing one field of a message where its bytes stand, so that everything else (unknown fields,
// the order, odd encodings) stays as it is. Works without a schema too.
namespace retake::gui {

// A field of a tree with what is needed to find its bytes again.
struct Leaf {
  const MessageNode& node;
  const MessageNode* parent = nullptr;  // the node it is a child of; null at the top
  ByteView message;                     // the whole one
};

// Whether the field can be changed by its text: a number, a bool, an enum or a string on one line.
// Others are edited as JSON.
bool canEditLeaf(const Schema& schema, const Leaf& leaf);

// What may be typed for it, for completion: names of an enum, true and false. Else empty.
std::vector<std::string> leafChoices(const Schema& schema, const MessageNode& node);

// What to begin with when it is edited: "OPEN" of "OPEN (1)", a string as it is.
std::string leafText(const Schema& schema, const Leaf& leaf);

// Whether `text` would do; an Error tells what is expected.
Result<void> checkLeaf(const Schema& schema, const MessageNode& node, std::string_view text);

// The message with the field saying `text`.
Result<std::string> withLeaf(const Schema& schema, const Leaf& leaf, std::string_view text);

}  // namespace retake::gui
