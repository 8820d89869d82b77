#include "serve_command.h"

#include <CLI/CLI.hpp>
#include <optional>

#include "command.h"
#include "initial_state_options.h"
#include "record_report.h"
#include "scrub/open_scrubber.h"
#include "serve/grpc_log.h"
#include "serve_options.h"
#include "serve_report.h"
#include "stand_in.h"
#include "workspace/idle_rules.h"

namespace retake::cli {
namespace {

int run(const ServeOptions& options) {
  const Signals signals;
  setGrpcLog({});  // what it has to say of an endpoint is said by listen()
  const auto workspace = servedWorkspace(options);
  if (!workspace) return fail(workspace.error());
  const auto schema = openSchema(*workspace);
  if (!schema) return fail(schema.error());
  auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const Recording& recording = *file->recording;
  auto rules = openScrubber(workspace->scrub, *schema);
  if (!rules) return fail(rules.error());
  for (const std::string& sentence : idleRules(workspace->policy.match, recording, **schema)) warn(sentence);

  // Whoever waits for the address finds it there. A pipe waits for its reader, and a signal ends that.
  if (!options.initialStateTo.empty())
    if (auto done = writeInitialState(*file, **schema, options.initialStateTo, options.initialStateAs); !done)
      return fail(done.error());

  std::function<Result<std::shared_ptr<Recorder>>()> openRecorder;
  if (workspace->policy.extra == ExtraCalls::Record)
    openRecorder = [&] { return recordBehind(options.file, *file, {.schema = *schema, .rules = *rules}); };

  std::optional<Error> lost;
  const auto report = serveUntilSignal(signals,
                                       {.recording = file->recording,
                                        .schema = *schema,
                                        .workspace = *workspace,
                                        .rules = *rules,
                                        .openRecorder = openRecorder,
                                        .jsonLog = options.jsonLog},
                                       [&](const ReplayReport& done, Recorder* recorder) {
                                         std::string text =
                                             reportText(done, recording, groupCalls(recording));
                                         if (recorder) text += closeRecorder(*recorder, options.file, lost);
                                         return text;
                                       });
  if (!report) return fail(report.error());
  if (lost) return kFailed;
  return options.verify && !isAsRecorded(*report) ? kNo : kDone;
}

}  // namespace

void addServeCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Stand in for the recorded service");
  addServeOptions(*command, *options);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli
