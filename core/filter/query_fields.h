#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filter/subject.h"

// The names of the filter language, and what they are in words.
namespace retake {

struct QueryField {
  enum class Kind : std::uint8_t { Word, Time, Size, Count, Text, Is };
  std::string_view name;
  Kind kind = Kind::Word;
  FilterField field = FilterField::Method;  // of Word, Time, Size, Count
  FilterSide side = FilterSide::Any;        // of Text
  std::string_view words = {};              // "duration"
};
const QueryField* queryField(std::string_view name);  // null: no such field
const QueryField& queryField(FilterField field);
// For "did you mean": all fields, the beginnings of paths among them.
const std::vector<std::string>& queryFieldNames();

std::optional<FilterFlag> queryFlag(std::string_view name);
std::string_view flagName(FilterFlag flag);
const std::vector<std::string>& queryFlagNames();

// What stands for a value of status, kind or dir, as subjects name it: several for "kind:stream". Empty:
// there is no such value.
std::vector<std::string> canonicalValues(FilterField field, std::string_view text);
// For "did you mean", and for a word on its own that is part of such a name.
const std::vector<std::string>& knownValues(FilterField field);

// Kinds as subjects name them.
inline constexpr std::string_view kWebSocketKind = "websocket";
inline constexpr std::string_view kOpenStatus = "open";  // a call whose end was not recorded

}  // namespace retake
