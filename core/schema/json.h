#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "schema/schema.h"

// Messages as JSON and back. With their type in the schema: protobuf's own JSON mapping
// (protobuf.dev/programming-guides/json). Without: wire JSON, which names fields by number and wire
// type, as in {"1:string": "a", "2:varint": 7, "3:message": {...}, "4:bytes": "base64", "5:fixed32": 1,
// "6:fixed64": 1, "7:group": {...}}, an array where a field is repeated. Whether a length-delimited
// field is shown as string, message or bytes is a guess, and each can be read back to the same bytes.
namespace retake {

struct JsonText {
  std::string text;     // indented by two spaces, one field a line, ends without a newline
  bool isWire = false;  // wire JSON: the type is not in the schema
};

// Where JSON does not fit: `line` and `column` from 1, column in characters (code points), `path`
// the field ("items[2].name") when one is known. Error::message says all of it in one sentence.
struct JsonProblem {
  std::string message;  // without the place
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::size_t offset = 0;  // bytes from the start of the text
  std::string path;
};
// "line 3, column 12, items[2].name: expected an int32, found \"x\"".
std::string describe(const JsonProblem& problem);

// An Error when `message` is no message of that type (it says where), or holds what JSON cannot say.
Result<JsonText> toJson(const Schema& schema, std::string_view typeName, ByteView message);
// On one line, at most `limit` bytes (then it ends in "…"), never an Error: for tables and logs.
std::string toJsonPreview(const Schema& schema, std::string_view typeName, ByteView message,
                          std::size_t limit = 160);

struct JsonParse {
  std::string message;                // protobuf bytes, when there is no problem
  std::vector<JsonProblem> problems;  // the first one found, or several where they can be told apart
  bool ok() const { return problems.empty(); }
};

// The bytes that `json` says. Fields of `original` that JSON cannot show (unknown ones) are kept, at the
// top and in every submessage that stands at the same place. `json` is taken as wire JSON when the
// type is not in the schema.
JsonParse fromJson(const Schema& schema, std::string_view typeName, std::string_view json,
                   ByteView original = {});

}  // namespace retake
