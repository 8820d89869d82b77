#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/json.h"

namespace retake {

struct JsonMember;

// A JSON text as read, each value with its place. Points into the text.
struct JsonValue {
  enum class Kind : std::uint8_t { Null, False, True, Number, String, Array, Object };
  Kind kind = Kind::Null;
  bool escaped = false;    // a string with backslashes in it
  std::size_t offset = 0;  // of its first byte
  std::string_view text;   // as written; of a string, what stands between the quotes
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;

  // Of a string: what it says.
  std::string string() const;
  // A word or two for complaints: `"x"`, `12`, `a list`, `an object`.
  std::string found() const;
};

struct JsonMember {
  std::string key;
  std::size_t offset = 0;  // of the key's opening quote
  JsonValue value;
};

// Reads strict JSON (RFC 8259, and no key twice in an object), nested 200 deep at most. On the first
// fault gives nothing and fills in `problem`, with the path as far as it is known.
std::optional<JsonValue> readJson(std::string_view text, JsonProblem& problem);

// "a.b": what stands in front of a member named `key`; `["key"]` for one that is no identifier.
void appendPathKey(std::string& path, std::string_view key);
// Fills in line and column from the offset.
void locate(JsonProblem& problem, std::string_view text);

}  // namespace retake
