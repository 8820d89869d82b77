#pragma once

#include <string>
#include <string_view>

// The layout of a JSON text, which must be one: strings and numbers stay as they are written.
namespace retake {

// Without a blank outside of strings, but for one line end behind it: as Go's json.Marshal and
// json.Encoder write. Then compactJson(indentedJson(text)) is the text without that line end.
bool isCompactJson(std::string_view json);
std::string compactJson(std::string_view json);
// Indented by two spaces, one value a line.
std::string indentedJson(std::string_view json);

}  // namespace retake
