#pragma once

#include <string>
#include <vector>

#include "recording/recording.h"
#include "schema/schema.h"

namespace retake {

// Gives messages that were recorded without their types the ones that the schema has for their methods; those
// of methods that it does not know stay as they are. The kind of a call stays what was inferred: on the wire,
// and so for every client but the Go packages' own, a unary call is a stream as well. Where it is what the
// schema has, nothing is inferred any more.
struct TypedEntry {
  EntryId entry;
  std::string bytes;     // its Entry message, with what is new
  bool hasType = false;  // that is the type of its message
};
Result<std::vector<TypedEntry>> typesByMethod(const Recording& recording, const Schema& schema);

}  // namespace retake
