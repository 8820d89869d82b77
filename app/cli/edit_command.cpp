#include "edit_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "call_editor.h"
#include "command.h"
#include "initial_state_options.h"
#include "schema/types_by_method.h"
#include "workspace_options.h"

namespace retake::cli {
namespace {

struct EditOptions {
  std::string in;
  std::string out;
  bool inPlace = false;
  WorkspaceOptions workspace;
  std::optional<std::string> call;
  bool duplicate = false;
  bool remove = false;
  std::optional<std::string> response;
  std::optional<std::string> status;
  std::vector<std::pair<std::string, std::string>> messages;
  std::optional<std::string> initialState;
  std::optional<std::string> initialStateAs;
  bool types = false;
  bool repair = false;
};

// Null for a file, and for what is not there: opening it says why.
const char* otherThanFile(std::filesystem::file_type type) {
  using Type = std::filesystem::file_type;
  switch (type) {
    case Type::directory:
      return "a directory";
    case Type::fifo:
      return "a pipe";
    case Type::socket:
      return "a socket";
    case Type::block:
    case Type::character:
      return "a device";
    default:
      return nullptr;
  }
}

// Whether what was said makes sense, before any file is touched.
Result<void> check(const EditOptions& options) {
  const bool editsCall = options.response || options.status || !options.messages.empty();
  if (options.inPlace == !options.out.empty())
    return Error{options.inPlace ? "-i and -o: expected one of them, found both"
                                 : "expected -o OUT, or -i to edit in place, found neither"};
  if (options.inPlace && options.in == "-")
    return Error{"-i: standard input cannot be edited in place; use -o"};
  if (editsCall && !options.call) return Error{"expected --call N to say which call is meant, found none"};
  if ((options.duplicate || options.remove) && !options.call)
    return Error{"expected --call N to say which call is meant, found none"};
  if (options.call && !editsCall && !options.duplicate && !options.remove)
    return Error{
        "--call: expected --response, --status, --message, --duplicate or --remove with it, found none"};
  if (options.remove && (editsCall || options.duplicate))
    return Error{"--remove: expected nothing else with the call that goes, found another edit of it"};
  if (options.response && options.status)
    return Error{"--response and --status: expected one of them, found both"};
  if (options.initialState && options.initialStateAs)
    return Error{"--initial-state and --initial-state-as: expected one of them, found both"};
  if (options.inPlace) {
    // A pipe could not even be opened without somebody at its other end.
    std::error_code unknown;
    const auto type = std::filesystem::status(options.in, unknown).type();
    if (const char* found = otherThanFile(type))
      return Error{"-i: " + options.in + ": expected a regular file, found " + found};
  }
  std::vector<std::string> values;
  if (options.response) values.push_back(*options.response);
  if (options.initialState) values.push_back(*options.initialState);
  if (options.initialStateAs)
    values.push_back(options.initialStateAs->substr(options.initialStateAs->find('=') + 1));
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

// Which call, and which of its messages, in the order of the options.
struct Numbers {
  std::uint32_t call = 0;
  std::vector<std::uint32_t> messages;
};

Result<Numbers> parseNumbers(const EditOptions& options) {
  Numbers numbers;
  if (options.call) {
    const auto call = optionNumber("--call", *options.call);
    if (!call) return call.error();
    numbers.call = *call;
  }
  for (const auto& [text, json] : options.messages) {
    const auto message = optionNumber("--message", text);
    if (!message) return message.error();
    numbers.messages.push_back(*message);
  }
  return numbers;
}

Result<void> editCall(CallEditor& editor, const EditOptions& options, Numbers numbers) {
  if (options.remove) return editor.remove(numbers.call);
  if (options.duplicate) {
    const auto copy = editor.duplicate(numbers.call);
    if (!copy) return copy.error();
    numbers.call = *copy;
  }
  if (options.status) {
    const auto status = parseStatusOption(*options.status);
    if (!status) return status.error();
    if (auto done = editor.setStatus(numbers.call, *status); !done) return done;
  }
  if (options.response) {
    const auto json = optionBytes(*options.response);
    if (!json) return json.error();
    if (auto done = editor.setResponse(numbers.call, *json); !done) return done;
  }
  for (std::size_t i = 0; i < numbers.messages.size(); ++i) {
    const auto json = optionBytes(options.messages[i].second);
    if (!json) return json.error();
    if (auto done = editor.setMessage(numbers.call, numbers.messages[i], *json); !done) return done;
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

Result<void> edit(const EditOptions& options) {
  if (auto sound = check(options); !sound) return sound;
  const auto numbers = parseNumbers(options);
  if (!numbers) return numbers.error();
  const auto schema = openSchema(options.workspace);
  if (!schema) return schema.error();
  const auto file = openFile(options.in, **schema);
  if (!file) return file.error();

  CallEditor editor(*file->recording, **schema);
  if (options.call)
    if (auto done = editCall(editor, options, *numbers); !done) return done;
  if (options.initialState) {
    auto bytes = optionBytes(*options.initialState);
    if (!bytes) return bytes.error();
    if (auto done = editor.apply(ReplaceInitialState{*std::move(bytes)}); !done) return done;
  }
  if (options.initialStateAs) {
    const auto before = file->recording->initialState();
    if (!before) return before.error();
    auto bytes = initialStateBytes(*options.initialStateAs, **schema, before->view);
    if (!bytes) return bytes.error();
    if (auto done = editor.apply(ReplaceInitialState{*std::move(bytes)}); !done) return done;
  }
  if (options.types) {
    auto typed = typesByMethod(editor.recording(), **schema);
    if (!typed) return typed.error();
    RewriteEntries rewrite;
    for (TypedEntry& one : *typed) rewrite.entries.push_back({one.entry, std::move(one.bytes)});
    if (auto done = editor.apply(rewrite); !done) return done;
  }
  if (options.repair)
    if (auto done = repairAll(editor, file->name); !done) return done;
  return saveRecording(editor.recording(), *file->format, options.inPlace ? options.in : options.out);
}

}  // namespace

void addEditCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<EditOptions>();
  CLI::App* command = app.add_subcommand("edit", "Writes a recording with some of it changed");
  command->footer(
      "JSON is protobuf's own where the schema has the type, else wire JSON as print shows it.\n"
      "@FILE stands for what is in FILE, @- for standard input.\n" +
      std::string(kFormHelp));
  command->add_option("IN", options->in, "A recording; - is standard input")->required();
  command->add_option("-o,--output", options->out, "Where to write it; - is standard output")
      ->type_name("OUT");
  command->add_flag("-i,--in-place", options->inPlace, "Replace IN");
  command->add_option("--call", options->call, "Which call to edit, from 1")->type_name("N");
  command->add_flag("--duplicate", options->duplicate,
                    "Copy the call, to stand right behind it; the other edits are of the copy");
  command->add_flag("--remove", options->remove, "Leave the call out");
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
      ->type_name("K JSON|@FILE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);  // else CLI11 reads [1,2] as a list
  command->add_option("--initial-state", options->initialState, "The initial state")->type_name("TEXT|@FILE");
  command
      ->add_option("--initial-state-as", options->initialStateAs,
                   "The same, said in another form, as in go-time=2019-05-12T14:18:56+02:00")
      ->type_name("FORM=TEXT|@FILE");
  command->add_flag("--types", options->types,
                    "Give messages that were recorded without a schema the types that it has by method");
  command->add_flag("--repair", options->repair,
                    "Apply every repair that is offered for what is wrong, and name it");
  addWorkspaceOptions(*command, options->workspace);
  command->callback([options, &exitCode] {
    const auto done = edit(*options);
    exitCode = done ? kDone : fail(done.error());
  });
}

}  // namespace retake::cli
