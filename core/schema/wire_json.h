#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/wire.h"
#include "schema/json_reader.h"
#include "schema/json_writer.h"

// Wire JSON: a message without its type, as json.h describes it. Keys are "NUMBER:KIND", in the order
// in which the fields first stand in the bytes; the occurrences of a field are put together, in their
// order. So reading it back gives the same bytes, but for the top level and groups in it where a field's
// occurrences stood apart or numbers were longer than they need be: those become an equal message.
namespace retake {

// Writes an object; `bytes` as far as they can be read.
void writeWireJson(ByteView bytes, JsonWriter& out, int depth = 0);
// The same without the braces around it.
void writeWireFields(ByteView bytes, JsonWriter& out, int depth);

// The bytes that a wire JSON object says; adds to `problems` (without line and column) what is wrong.
// Members whose key begins with "@" are passed over.
std::string readWireJson(const JsonValue& value, std::vector<JsonProblem>& problems, std::string path = {});

}  // namespace retake
