#include "command.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "base/byte_source.h"
#include "schema/check.h"
#include "schema/text.h"

namespace retake::cli {
namespace {

void appendEscaped(std::string& out, std::string_view text, bool quotes) {
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    const std::string_view rune = text.substr(0, length);
    text.remove_prefix(1);
    if (quotes && byte == '\n') {
      out += "\\n";
    } else if (quotes && byte == '\t') {
      out += "\\t";
    } else if (quotes && (byte == '"' || byte == '\\')) {
      out += {'\\', rune.front()};
    } else if (rune.size() == length && byte != '\n' && byte != '\t' && byte != '\r' && isPrintable(rune)) {
      out += rune;
      text.remove_prefix(length - 1);
    } else {
      char hex[5];
      std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned>(byte));
      out += hex;
    }
  }
}

}  // namespace

int fail(const Error& error) {
  // A compiler's complaints are several lines.
  std::string_view rest = error.message;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::fprintf(stderr, "retake-cli: %s\n", printable(rest.substr(0, end)).c_str());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return kFailed;
}

CLI::Option* addValue(CLI::App& command, const std::string& name, std::string& value, const std::string& type,
                      const std::string& help) {
  return command.add_option(name, value, help)->type_name(type);
}

CLI::Option* addList(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                     const std::string& type, const std::string& help) {
  return command.add_option(name, values, help)
      ->type_name(type)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);  // else CLI11 reads [a,b] as a list
}

Result<OpenedFile> openFile(const std::string& path, const Schema& schema) {
  auto opened = openRecording(path);
  if (!opened) return opened.error();
  OpenedFile file{*std::move(opened), {}, {}};
  file.name = file.recording->source()->name();
  file.problems = findProblems(*file.recording);
  for (Problem& problem : checkTypes(*file.recording, schema)) file.problems.push_back(std::move(problem));
  for (const Problem& problem : file.problems) {
    std::string line = file.name + ": " + problem.text;
    if (problem.repair.kind != Repair::Kind::None) line += " (repair: " + describe(problem.repair) + ")";
    std::fprintf(stderr, "%s\n", printable(line).c_str());
  }
  return file;
}

Result<std::string> optionBytes(const std::string& value) {
  if (!value.starts_with('@')) return value;
  const auto source = openSource(value.substr(1), {.wholeUpTo = ~std::uint64_t{0}});
  if (!source) return source.error();
  return std::string((*source)->buffer());
}

Result<std::uint32_t> optionNumber(const std::string& option, const std::string& value) {
  std::uint32_t number = 0;
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  const bool padded = value.size() > 1 && value.front() == '0';
  if (parsed.ec == std::errc() && parsed.ptr == end && !padded) return number;
  return Error{option + ": expected a number from 1 to 4294967295, without leading zeros, found " +
               inQuotes(value)};
}

std::string printable(std::string_view text) {
  std::string out;
  appendEscaped(out, text, false);
  return out;
}

std::string inQuotes(std::string_view bytes) {
  std::string out = "\"";
  appendEscaped(out, bytes, true);
  return out + "\"";
}

}  // namespace retake::cli
