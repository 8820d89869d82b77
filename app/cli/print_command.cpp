#include "print_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <ctime>

#include "base/fd_sink.h"
#include "command.h"
#include "filter_option.h"
#include "format/recording_follower.h"
#include "initial_state_options.h"
#include "print_extras.h"
#include "recording/calls.h"
#include "recording/status.h"
#include "schema/json.h"
#include "schema/json_writer.h"
#include "schema/text.h"
#include "workspace_options.h"

namespace retake::cli {
namespace {

constexpr long kLookEveryNs = 250'000'000;

struct PrintOptions {
  std::string file;
  WorkspaceOptions workspace;
  bool json = false;
  bool follow = false;
  std::string filter;
  bool initialState = false;
  std::string as;
};

// Indented JSON as JsonWriter writes it on one line.
std::string onOneLine(std::string_view json) {
  std::string out;
  bool inString = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!inString && (c == ' ' || c == '\n')) continue;
    out += c;
    if (c == '"') inString = !inString;
    if (inString && c == '\\') out += json[++i];
    if (!inString && (c == ':' || c == ',')) out += ' ';
  }
  return out;
}

// `type` and `message`, or `base64`, into the object that is open.
void addMessage(JsonWriter& json, const Schema& schema, std::string_view typeUrl, ByteView message) {
  const std::string_view type = typeNameOf(typeUrl);
  json.key("type");
  json.string(printable(type));
  if (const auto text = toJson(schema, type, message)) {
    json.key("message");
    json.literal(onOneLine(text->text));
    if (!text->isWire) return;
    json.key("wire");
    json.literal("true");
  } else {
    json.key("base64");
    json.string(toBase64(message));
  }
}

void addStatus(JsonWriter& json, const Schema& schema, const Status& status) {
  json.key("status");
  json.beginObject();
  json.key("code");
  json.literal(std::to_string(status.code));
  json.key("name");
  json.string(statusCodeName(status.code));
  json.key("message");
  json.string(printable(status.message));
  if (!status.details.empty()) {
    json.key("details");
    json.beginArray();
    for (const Any& detail : status.details) {
      json.beginObject();
      addMessage(json, schema, detail.typeUrl, detail.value);
      json.endObject();
    }
    json.endArray();
  }
  json.endObject();
}

class Printer {
 public:
  Printer(const Recording& recording, const Schema& schema, const Calls& calls)
      : m_recording(recording), m_schema(schema), m_calls(calls) {}

  Result<std::string> line(std::uint32_t position) const {
    const auto entry = m_recording.entry(position);
    if (!entry) return entry.error();
    const EntryFields& fields = entry->fields;
    JsonWriter json(JsonWriter::Style::OneLine);
    json.beginObject();
    json.key("entry");
    json.literal(std::to_string(position + 1));
    if (const auto call = m_calls.indexOf(m_recording, position)) {
      json.key("call");
      json.literal(std::to_string(*call + 1));
    }
    json.key("kind");
    json.string(entryKindName(fields.kind));
    if (!entry->callMethod.empty()) {
      json.key("method");
      json.string(printable(entry->callMethod));
    }
    if (const auto owner = m_recording.position(entry->ref)) {
      json.key("ref");
      json.literal(std::to_string(*owner + 1));
    }
    if (fields.kind == EntryKind::Unreadable) {
      json.key("base64");
      json.string(toBase64(entry->bytes.view));
    } else if (const auto status = statusOf(fields)) {
      addStatus(json, m_schema, *status);
    } else if (fields.hasMessage) {
      addMessage(json, m_schema, fields.typeUrl, fields.message);
    }
    if (fields.isError && !fields.hasMessage) {
      json.key(fields.kind == EntryKind::Recv ? "end_of_stream" : "failed");
      json.literal("true");
    }
    if (fields.hasExtras) {
      if (const auto extras = parseExtras(entry->bytes.view)) {
        addExtras(json, *extras);
      } else {
        json.key("extras_error");
        json.string(printable(extras.error().message));
      }
    }
    json.endObject();
    return json.take() + "\n";
  }

  Result<std::string> paragraph(std::uint32_t position) const {
    const auto entry = m_recording.entry(position);
    if (!entry) return entry.error();
    std::string out = content(position, *entry);
    if (!entry->fields.hasExtras) return out;
    const auto extras = parseExtras(entry->bytes.view);
    return out + (extras ? extrasText(*extras) : "  extras: " + printable(extras.error().message) + "\n");
  }

 private:
  std::string content(std::uint32_t position, const Entry& entry) const {
    const EntryFields& fields = entry.fields;
    std::string out = "#" + std::to_string(position + 1) + " " + std::string(entryKindName(fields.kind));
    if (!entry.callMethod.empty()) out += " " + printable(entry.callMethod);
    if (const auto owner = m_recording.position(entry.ref)) out += " of #" + std::to_string(*owner + 1);
    if (fields.kind == EntryKind::Unreadable) return out + ": " + inQuotes(entry.bytes.view) + "\n";
    if (const auto status = statusOf(fields)) {
      out += ": " + statusCodeName(status->code) + " " + inQuotes(status->message) + "\n";
      for (const Any& detail : status->details) out += "  detail " + message(detail.typeUrl, detail.value);
      return out;
    }
    if (fields.hasMessage) return out + ": " + message(fields.typeUrl, fields.message);
    if (fields.isError) return out + (fields.kind == EntryKind::Recv ? ": end of stream\n" : ": failed\n");
    return out + "\n";
  }

  static std::optional<Status> statusOf(const EntryFields& fields) {
    if (!fields.isError || !fields.hasMessage || typeNameOf(fields.typeUrl) != kStatusType)
      return std::nullopt;
    auto status = parseStatus(fields.message);
    return status ? std::optional(*std::move(status)) : std::nullopt;
  }

  // Its type, then its JSON, indented.
  std::string message(std::string_view typeUrl, ByteView bytes) const {
    const std::string_view type = typeNameOf(typeUrl);
    const std::string name = type.empty() ? "(no type)" : printable(type);
    const auto json = toJson(m_schema, type, bytes);
    if (!json) return name + " " + inQuotes(bytes) + "\n";
    std::string out = name + " ";
    for (const char c : json->text) out += c == '\n' ? "\n  " : std::string(1, c);
    return out + "\n";
  }

  const Recording& m_recording;
  const Schema& m_schema;
  const Calls& m_calls;
};

// Of which entries; all of them where no filter is given.
Result<std::vector<bool>> entriesToPrint(const FilterInput& input, const std::string& filter) {
  std::vector<bool> entries(input.recording->size(), filter.empty());
  if (filter.empty()) return entries;
  const auto found = filteredCalls(filter, input);
  if (!found) return found.error();
  for (const std::uint32_t index : found->calls) {
    const Call call = (*input.calls)[index];
    entries[call.first] = true;
    for (const std::uint32_t position : call.rest) entries[position] = true;
  }
  return entries;
}

Result<void> print(const OpenedFile& file, const std::shared_ptr<const Schema>& schemaUsed, bool json,
                   const std::string& filter) {
  const Recording& recording = *file.recording;
  const Schema& schema = *schemaUsed;
  const auto calls = std::make_shared<const Calls>(groupCalls(recording));
  const auto entries = entriesToPrint({file.recording, calls, schemaUsed, {}}, filter);
  if (!entries) return entries.error();
  FdSink out(STDOUT_FILENO, "standard output");
  if (!json && filter.empty()) {
    const auto state = recording.initialState();
    if (!state) return state.error();
    if (auto done =
            out.write("initial state: " + inQuotes(state->view) + perhapsText(state->view, schema) + "\n");
        !done)
      return done;
  }
  const Printer printer(recording, schema, *calls);
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    if (!(*entries)[position]) continue;
    const auto text = json ? printer.line(position) : printer.paragraph(position);
    if (!text) return text.error();
    if (auto done = out.write(*text); !done) return done;
  }
  return out.flush();
}

Result<void> printEntries(const Recording& recording, const Schema& schema, std::uint32_t from, bool json,
                          FdSink& out) {
  const Calls calls = groupCalls(recording);
  const Printer printer(recording, schema, calls);
  for (std::uint32_t position = from; position < recording.size(); ++position) {
    const auto text = json ? printer.line(position) : printer.paragraph(position);
    if (!text) return text.error();
    if (auto done = out.write(*text); !done) return done;
  }
  return out.flush();
}

// What is there, then what is appended, until SIGINT or SIGTERM.
Result<void> printAndFollow(const std::string& path, const Schema& schema, bool json) {
  auto opened = openRecording(path);
  if (!opened) return opened.error();
  auto follower = RecordingFollower::start(path, *opened);
  if (!follower) return follower.error();
  sigset_t ends;
  sigemptyset(&ends);
  for (const int number : {SIGINT, SIGTERM}) {
    // A shell without job control starts what it puts in the background with SIGINT ignored, and an ignored
    // signal cannot be waited for.
    std::signal(number, SIG_DFL);
    sigaddset(&ends, number);
  }
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  FdSink out(STDOUT_FILENO, "standard output");
  std::shared_ptr<const Recording> now = opened->recording;
  std::uint32_t printed = 0;
  bool hasPrintedState = false;
  for (;;) {
    if (!json && !hasPrintedState && now->hasHeader()) {
      const auto state = now->initialState();
      if (!state) return state.error();
      hasPrintedState = true;
      if (auto done =
              out.write("initial state: " + inQuotes(state->view) + perhapsText(state->view, schema) + "\n");
          !done)
        return done;
    }
    if (auto done = printEntries(*now, schema, printed, json, out); !done) return done;
    printed = now->size();
    for (;;) {
      const timespec wait{0, follower->isBehind() ? 0 : kLookEveryNs};
      if (sigtimedwait(&ends, nullptr, &wait) > 0) return {};
      auto polled = follower->poll(*now, 0);
      if (!polled) return polled.error();
      if (!*polled) continue;
      now = *std::move(polled);
      break;
    }
  }
}

Result<void> printInitialState(const OpenedFile& file, const Schema& schema, const PrintOptions& options) {
  const auto text = printedInitialState(file, schema, options.as, options.json);
  if (!text) return text.error();
  FdSink out(STDOUT_FILENO, "standard output");
  if (auto done = out.write(*text); !done) return done;
  return out.flush();
}

int run(const PrintOptions& options) {
  if (!options.as.empty()) {
    if (!options.initialState) return fail({"--as: expected --initial-state with it, found none"});
    if (options.as != "guess")
      if (const auto form = optionForm("--as", options.as); !form) return fail(form.error());
  }
  if (options.initialState && !options.filter.empty())
    return fail({"--filter: expected no --initial-state with it, which is of no call, found one"});
  if (options.follow && (options.initialState || !options.filter.empty()))
    return fail({"--follow: expected neither --filter nor --initial-state with it, found one"});
  if (options.follow && options.file == "-")
    return fail({"--follow: expected a file, found standard input, which is read to its end"});
  const auto schema = openSchema(options.workspace);
  if (!schema) return fail(schema.error());
  if (options.follow) {
    const auto followed = printAndFollow(options.file, **schema, options.json);
    return followed ? kDone : fail(followed.error());
  }
  const auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const auto done = options.initialState ? printInitialState(*file, **schema, options)
                                         : print(*file, *schema, options.json, options.filter);
  return done ? kDone : fail(done.error());
}

}  // namespace

void addPrintCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<PrintOptions>();
  CLI::App* command = app.add_subcommand("print", "Prints every entry of a recording");
  command->add_option("FILE", options->file, "A recording; - is standard input")->required();
  command->add_flag("--json", options->json,
                    "One JSON object a line: entry, call, kind, method, ref, type, message or status");
  command->add_flag("--follow", options->follow,
                    "Goes on with what is appended to FILE, until SIGINT or SIGTERM");
  addFilterOption(*command, options->filter, "Only entries of calls that this asks for");
  command->add_flag("--initial-state", options->initialState,
                    "Only the initial state: its bytes as they are");
  command
      ->add_option("--as", options->as,
                   "The initial state as text in this form, or in the one that is guessed")
      ->type_name("FORM|guess");
  command->footer(kFormHelp);
  addWorkspaceOptions(*command, options->workspace);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli
