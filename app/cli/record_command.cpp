#include "record_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "client/reflection_client.h"
#include "command.h"
#include "format/replay_binary.h"
#include "initial_state_options.h"
#include "record_report.h"
#include "replay/record_mode.h"
#include "scrub/open_scrubber.h"
#include "serve/grpc_log.h"
#include "serve_options.h"
#include "serve_report.h"
#include "stand_in.h"
#include "workspace/idle_rules.h"

namespace retake::cli {
namespace {

struct RecordOptions {
  ServeOptions serve;
  std::string mode;    // empty: not said
  bool plain = false;  // as the Go packages write it
  bool noReflection = false;
  std::optional<std::string> initialState;
  std::optional<std::string> initialStateAs;
};

std::shared_ptr<const Recording> emptyRecording() {
  const std::string head = replayFileHead({});
  return std::make_shared<const Recording>(
      *replayBinaryFormat().read(sourceFromBytes(head, "a new recording"), {}));
}

// A service that is started beside it has that long; one that does not answer keeps nobody waiting for
// longer.
constexpr std::chrono::milliseconds kReflectionBound = std::chrono::seconds(3);

// Where no schema is named the service is asked; null where it gives none, which is told.
std::shared_ptr<const Schema> askedSchema(const Upstream& service) {
  auto schema = schemaOfUpstream(service, kReflectionBound, Unreachable::Waits);
  if (schema) return *std::move(schema);
  warn("types and kinds are inferred: the service gave no schema by reflection (" + schema.error().message +
       "); --schema gives them");
  return nullptr;
}

// What was said, else what the workspace keeps; empty: neither.
std::optional<RecordMode> askedMode(const RecordOptions& options, std::optional<RecordMode> kept) {
  return options.mode.empty() ? kept : recordModeFromName(options.mode);
}

// A mode that cannot be had from what is there is an Error, and nothing is touched.
Result<RecordMode> modeOf(const RecordOptions& options, bool exists, std::optional<RecordMode> kept) {
  const std::string& out = options.serve.file;
  if (out == "-") return Error{"-o -: expected a file, since standard output has the addresses, found -"};
  if (exists && !std::filesystem::is_regular_file(out) &&
      (std::filesystem::is_directory(out) || !options.mode.empty()))
    return Error{"-o " + out + ": expected a file, found " +
                 (std::filesystem::is_directory(out) ? "a folder" : "what is none")};
  // Nor does a mode that was kept when it was new replace it unasked.
  if (options.mode.empty() && exists && kept.value_or(RecordMode::All) == RecordMode::All)
    return Error{
        "-o " + out +
        ": expected a new file, found one; say --mode all to record it anew, new_episodes to add to it, "
        "or once to replay it"};
  const RecordMode mode = resolved(askedMode(options, kept).value_or(RecordMode::All), exists);
  if (mode == RecordMode::None && !exists)
    return Error{"--mode none: expected a recording at " + out + ", found none"};
  const bool hasState = options.initialState || options.initialStateAs;
  if (hasState && exists && mode != RecordMode::All)
    return Error{"--initial-state: expected a new recording, found " + out + ", which has its own"};
  return mode;
}

Result<std::string> initialState(const RecordOptions& options, const Schema& schema) {
  if (options.initialState && options.initialStateAs)
    return Error{"--initial-state and --initial-state-as: expected one of them, found both"};
  if (options.initialState) return optionBytes(*options.initialState);
  if (options.initialStateAs) return initialStateBytes(*options.initialStateAs, schema, {});
  return std::string();
}

int run(RecordOptions options) {
  const Signals signals;
  setGrpcLog({});
  const std::string& out = options.serve.file;
  const auto kept = openWorkspace(options.serve.workspace);
  if (!kept) return fail(kept.error());
  std::error_code none;
  const auto mode = modeOf(options, std::filesystem::exists(out, none), kept->record.mode);
  if (!mode) return fail(mode.error());
  const bool replays = *mode != RecordMode::All && std::filesystem::exists(out, none);
  // What the other modes do does not depend on what is there.
  if (askedMode(options, kept->record.mode) == RecordMode::Once)
    std::fprintf(stderr, "retake-cli: once: %s %s\n", printable(out).c_str(),
                 replays ? "is there: it is replayed, and nothing is recorded"
                         : "is not there: the service is recorded into it");
  if (isRecording(*mode))
    options.serve.extra = "record";
  else
    options.serve.upstream = {};  // the same command line serves the first time and the next

  if (isRecording(*mode) && options.serve.upstream.address.empty() && kept->upstream.address.empty())
    return fail({"--upstream: expected the address of the service that is recorded, found none"});
  auto workspace = servedWorkspace(options.serve);
  if (!workspace) return fail(workspace.error());
  workspace->policy = inMode(workspace->policy, *mode);
  auto schema = openSchema(*workspace);
  if (!schema) return fail(schema.error());
  if (workspace->schema.empty() && isRecording(*mode) && !options.noReflection)
    signals.runApart([&] {
      if (auto asked = askedSchema(workspace->upstream)) schema = std::move(asked);
    });
  const bool plain = options.plain || kept->record.plain;
  if (plain && isRecording(*mode) && (*schema)->isBuiltinOnly())
    return fail(
        {"--plain: expected a schema with it (--schema, or reflection of the service), found none; the Go "
         "packages refuse a file without the types of its messages"});
  auto rules = openScrubber(workspace->scrub, *schema);
  if (!rules) return fail(rules.error());
  const auto state = initialState(options, **schema);
  if (!state) return fail(state.error());

  std::optional<OpenedFile> file;
  if (replays) {
    auto opened = openFile(out, **schema);
    if (!opened) return fail(opened.error());
    file = *std::move(opened);
    for (const std::string& sentence : idleRules(workspace->policy.match, *file->recording, **schema))
      warn(sentence);
  }
  std::function<Result<std::shared_ptr<Recorder>>()> openRecorder;
  if (isRecording(*mode))
    openRecorder = [&] {
      const RecorderOptions how{.initialState = *state, .extras = !plain, .schema = *schema, .rules = *rules};
      return file ? recordBehind(out, *file, how) : recordInto(out, how);
    };

  const auto recording = file ? file->recording : emptyRecording();
  std::optional<Error> lost;
  const auto report = serveUntilSignal(
      signals,
      {.recording = recording,
       .schema = *schema,
       .workspace = *workspace,
       .rules = *rules,
       .openRecorder = openRecorder,
       .jsonLog = options.serve.jsonLog},
      [&](const ReplayReport& done, Recorder* recorder) {
        std::string text = file ? reportText(done, *recording, groupCalls(*recording)) : std::string();
        if (recorder) text += closeRecorder(*recorder, out, lost);
        return text;
      });
  if (!report) return fail(report.error());
  return lost ? kFailed : kDone;
}

}  // namespace

void addRecordCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* command = app.add_subcommand("record", "Record a service: a proxy for clients of any language");
  command->add_option("-o,--output", options->serve.file, "The recording")->required()->type_name("OUT");
  command
      ->add_option("--mode", options->mode,
                   "all records anew; new_episodes replays what OUT has and adds the rest, for the next run; "
                   "once replays OUT if it "
                   "is there; none replays alone")
      ->check(CLI::Validator(
          [](const std::string& value) {
            return recordModeFromName(value)
                       ? std::string()
                       : "expected all, none, once or new_episodes, found " + inQuotes(value);
          },
          ""))
      ->type_name("all|none|once|new_episodes");
  command->add_flag("--plain", options->plain,
                    "As the Go packages write it: without times, metadata, deadlines and half-closes");
  command->add_flag("--no-reflection", options->noReflection,
                    "Without --schema, do not ask the service for types and kinds: they are inferred");
  command->add_option("--initial-state", options->initialState, "The initial state")->type_name("TEXT|@FILE");
  command->add_option("--initial-state-as", options->initialStateAs, "Likewise, in a form")
      ->type_name("FORM=TEXT|@FILE");
  addRecordedServeOptions(*command, options->serve);
  command->footer(kFormHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli
