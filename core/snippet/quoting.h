#pragma once

#include <string>
#include <string_view>

// Bytes as literals of a language: any byte comes out again as it was, on one line of printable ASCII (a
// shell's words aside, which keep what they hold).
namespace retake {

// One word of a POSIX shell. `text` has no NUL: no argument can hold one.
std::string shellWord(std::string_view text);
// "..." of C++, a std::string of its length where it holds a NUL.
std::string cppString(std::string_view bytes);
// "..." of Go; strings of Go hold any bytes.
std::string goString(std::string_view bytes);
// b"..." of Python.
std::string pythonBytes(std::string_view bytes);
// A str of Python: "...", or its UTF-8 decoded.
std::string pythonText(std::string_view utf8);
// In a comment, up to the end of the line: printable ASCII, "?" for all else.
std::string inComment(std::string_view text);

}  // namespace retake
