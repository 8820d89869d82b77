#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "format/format.h"
#include "recording/problem.h"
#include "schema/schema.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

// What the commands of retake-cli share. A command is one file with one function
//   void addXCommand(CLI::App& app, int& exitCode);
// that adds a subcommand, whose callback does the work and sets the exit code; main.cpp lists them.
namespace retake::cli {

enum ExitCode : int {
  kDone = 0,
  kNo = 1,      // the answer is no: a difference, a miss, a find
  kFailed = 2,  // it could not be done
};

// Says why on standard error, a sentence a line; gives kFailed.
int fail(const Error& error);

// A value that is taken as it is typed: CLI11 alone reads [a,b] as a list.
CLI::Option* addValue(CLI::App& command, const std::string& name, std::string& value, const std::string& type,
                      const std::string& help);
// An option that may be repeated, of such values.
CLI::Option* addList(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                     const std::string& type, const std::string& help);

// FILE, "-" for standard input, with whatever is wrong with it; that goes to standard error, a line a
// problem. Types are checked against a schema that knows more than the built-in ones.
struct OpenedFile : OpenedRecording {
  std::string name;
  std::vector<Problem> problems;
};
Result<OpenedFile> openFile(const std::string& path, const Schema& schema);

// The bytes that an option's value stands for: those of FILE for "@FILE" ("@-": standard input), else
// the value itself.
Result<std::string> optionBytes(const std::string& value);

// The number, of a call or a message, that the value of `option` stands for. Decimal alone: with a zero in
// front some would take it for octal.
Result<std::uint32_t> optionNumber(const std::string& option, const std::string& value);

// Text for a terminal: valid UTF-8 without control characters, other bytes as \x1b.
std::string printable(std::string_view text);
// The same in double quotes, as Go's %q writes it.
std::string inQuotes(std::string_view bytes);

}  // namespace retake::cli
