#include "edit_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "call_editor.h"
#include "command.h"

namespace retake::cli {
namespace {

struct Options {
  std::string in;
  std::string out;
  bool inPlace = false;
  std::vector<std::string> schema;
  std::optional<std::uint64_t> call;
  std::optional<std::string> response;
  std::optional<std::string> status;
  std::vector<std::pair<std::uint64_t, std::string>> messages;
  std::optional<std::string> initialState;
  bool repair = false;
};

// Whether what was said makes sense, before any file is touched.
Result<void> check(const Options& options) {
  const bool editsCall = options.response || options.status || !options.messages.empty();
  if (options.inPlace == !options.out.empty())
    return Error{options.inPlace ? "-i and -o: expected one of them, found both"
                                 : "expected -o OUT, or -i to edit in place, found neither"};
  if (options.inPlace && options.in == "-")
    return Error{"-i: standard input cannot be edited in place; use -o"};
  if (editsCall && !options.call) return Error{"expected --call N to say which call is meant, found none"};
  if (options.call && !editsCall)
    return Error{"--call: expected --response, --status or --message with it, found none"};
  if (options.response && options.status)
    return Error{"--response and --status: expected one of them, found both"};
  std::vector<std::string> values;
  if (options.response) values.push_back(*options.response);
  if (options.initialState) values.push_back(*options.initialState);
  for (const auto& [number, json] : options.messages) values.push_back(json);
  if (std::count(values.begin(), values.end(), "@-") + (options.in == "-" ? 1 : 0) > 1)
    return Error{"standard input: expected it to be asked for once, found it twice"};
  return {};
}

// "NOT_FOUND:no such item"
Result<Status> parseStatusOption(const std::string& text) {
  const auto colon = text.find(':');
  const auto code = statusCodeFromName(std::string_view(text).substr(0, colon));
  if (!code)
    return Error{"--status: expected a gRPC code such as NOT_FOUND or 5, found " +
                 inQuotes(text.substr(0, colon))};
  return Status{
      .code = *code, .message = colon == std::string::npos ? "" : text.substr(colon + 1), .details = {}};
}

Result<void> editCall(CallEditor& editor, const Options& options) {
  if (options.status) {
    const auto status = parseStatusOption(*options.status);
    if (!status) return status.error();
    if (auto done = editor.setStatus(*options.call, *status); !done) return done;
  }
  if (options.response) {
    const auto json = optionBytes(*options.response);
    if (!json) return json.error();
    if (auto done = editor.setResponse(*options.call, *json); !done) return done;
  }
  for (const auto& [number, value] : options.messages) {
    const auto json = optionBytes(value);
    if (!json) return json.error();
    if (auto done = editor.setMessage(*options.call, number, *json); !done) return done;
  }
  return {};
}

// A repair may uncover what another one mends (an answer whose request went): goes on until none is
// left, which comes, since each removes entries or settles one.
Result<void> repairAll(CallEditor& editor, const std::string& name) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Problem& problem : findProblems(editor.recording())) {
      if (problem.repair.kind == Repair::Kind::None) continue;
      if (problem.repair.entry && !editor.recording().position(problem.repair.entry)) continue;
      if (auto done = editor.apply(problem.repair); !done) return done;
      std::fprintf(stderr, "%s: repaired: %s\n", printable(name).c_str(),
                   printable(problem.text + ": " + describe(problem.repair)).c_str());
      changed = true;
    }
  }
  return {};
}

Result<void> edit(const Options& options) {
  if (auto sound = check(options); !sound) return sound;
  const auto schema = openSchema(options.schema);
  if (!schema) return schema.error();
  const auto file = openFile(options.in, **schema);
  if (!file) return file.error();

  CallEditor editor(*file->recording, **schema);
  if (options.call)
    if (auto done = editCall(editor, options); !done) return done;
  if (options.initialState) {
    auto bytes = optionBytes(*options.initialState);
    if (!bytes) return bytes.error();
    if (auto done = editor.apply(ReplaceInitialState{*std::move(bytes)}); !done) return done;
  }
  if (options.repair)
    if (auto done = repairAll(editor, file->name); !done) return done;
  return saveRecording(editor.recording(), *file->format, options.inPlace ? options.in : options.out);
}

}  // namespace

void addEditCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("edit", "Writes a recording with some of it changed");
  command->footer(
      "JSON is protobuf's own where the schema has the type, else wire JSON as print shows it.\n"
      "@FILE stands for what is in FILE, @- for standard input.");
  command->add_option("IN", options->in, "A recording; - is standard input")->required();
  command->add_option("-o,--output", options->out, "Where to write it; - is standard output")
      ->type_name("OUT");
  command->add_flag("-i,--in-place", options->inPlace, "Replace IN");
  command->add_option("--call", options->call, "Which call to edit, from 1")->type_name("N");
  command
      ->add_option("--response", options->response, "Its answer, in place of what was recorded, error or not")
      ->type_name("JSON|@FILE");
  command
      ->add_option("--status", options->status,
                   "How it ends; OK is the end of a stream. Recorded details are dropped")
      ->type_name("CODE[:MESSAGE]");
  command
      ->add_option("--message", options->messages,
                   "Its Kth message, sent or received, from 1; may be repeated")
      ->type_name("K JSON|@FILE");
  command->add_option("--initial-state", options->initialState, "The initial state")->type_name("TEXT|@FILE");
  command->add_flag("--repair", options->repair,
                    "Apply every repair that is offered for what is wrong, and name it");
  addSchemaOption(*command, options->schema);
  command->callback([options, &exitCode] {
    const auto done = edit(*options);
    exitCode = done ? kDone : fail(done.error());
  });
}

}  // namespace retake::cli
