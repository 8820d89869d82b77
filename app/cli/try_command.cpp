#include "try_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "client/recorded_client.h"
#include "command.h"
#include "recording/status.h"
#include "schema/json.h"
#include "serve/grpc_log.h"
#include "serve/replay_server.h"
#include "workspace_options.h"

namespace retake::cli {
namespace {

struct TryOptions {
  std::string file;
  WorkspaceOptions workspace;
  std::string address;
  std::optional<std::string> call;  // all without it
};

std::string inWords(const Status& status) {
  std::string text = statusCodeName(status.code);
  if (!status.message.empty()) text += " " + inQuotes(status.message);
  if (!status.details.empty()) text += " with " + std::to_string(status.details.size()) + " details";
  return text;
}

void printMessage(const char* whose, const Schema& schema, const std::string& type,
                  const std::string& message) {
  std::printf("  %s  %s\n", whose, printable(toJsonPreview(schema, type, message)).c_str());
}

// Answers that are as recorded are printed once.
void printAnswers(const Schema& schema, const ClientScript& script, const ClientOutcome& outcome) {
  std::size_t at = 0;
  for (const ClientScript::Step& step : script.steps) {
    if (step.isSend) continue;
    const std::string* got = at < outcome.received.size() ? &outcome.received[at] : nullptr;
    ++at;
    const ClientScript one{
        .method = script.method, .isStream = true, .steps = {step}, .end = {}, .endRecorded = false};
    if (got && compare(schema, one, {.received = {*got}, .end = {}}).empty()) {
      printMessage("as recorded", schema, step.typeName, *got);
      continue;
    }
    printMessage("recorded   ", schema, step.typeName, step.message);
    if (got) printMessage("answered   ", schema, step.typeName, *got);
  }
  for (; at < outcome.received.size(); ++at) printMessage("answered   ", schema, {}, outcome.received[at]);
  if (!script.endRecorded) return;
  if (script.end == outcome.end) {
    std::printf("  as recorded  %s\n", inWords(outcome.end).c_str());
  } else {
    std::printf("  recorded     %s\n", inWords(script.end).c_str());
    std::printf("  answered     %s\n", inWords(outcome.end).c_str());
  }
}

int run(const TryOptions& options) {
  setGrpcLog({});
  std::optional<std::uint32_t> only;
  if (options.call) {
    const auto number = optionNumber("--call", *options.call);
    if (!number) return fail(number.error());
    only = *number;
  }
  const auto workspace = openWorkspace(options.workspace);
  if (!workspace) return fail(workspace.error());
  const auto schema = openSchema(*workspace);
  if (!schema) return fail(schema.error());
  const auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const Recording& recording = *file->recording;
  const Calls calls = groupCalls(recording);
  if (only && (*only < 1 || *only > calls.size()))
    return fail({file->name + ": expected a call from 1 to " + std::to_string(calls.size()) + ", found " +
                 std::to_string(*only)});

  std::unique_ptr<ReplayServer> standIn;
  std::shared_ptr<grpc::Channel> channel;
  if (options.address.empty()) {
    // How long answers take, and who else may answer, is no part of the comparison.
    auto started = ReplayServer::start(
        file->recording, *schema,
        {.policy = {.match = workspace->policy.match, .strictStreams = workspace->policy.strictStreams}});
    if (!started) return fail(started.error());
    standIn = *std::move(started);
    channel = standIn->channel();
  } else {
    channel = channelTo(options.address);
  }

  std::uint32_t tried = 0;
  std::uint32_t differ = 0;
  const std::uint32_t wantedMethod = only ? recording.info(calls[*only - 1].first).method : 0;
  for (const std::uint32_t index : playOrder(calls)) {
    const Call call = calls[index];
    const bool wanted = !only || *only == call.number;
    // In the stand-in, equal calls before the wanted one have to be used up.
    if (!wanted && (!standIn || recording.info(call.first).method != wantedMethod)) continue;
    const auto script = clientScript(recording, call);
    if (!script) return fail(script.error());
    const ClientOutcome outcome = play(channel, *script);
    if (!wanted) continue;
    ++tried;
    const auto differences = compare(**schema, *script, outcome);
    differ += differences.empty() ? 0 : 1;
    std::printf("call %u %s, %.1f ms%s\n", call.number, printable(script->method).c_str(),
                std::chrono::duration<double, std::milli>(outcome.duration).count(),
                differences.empty() ? "" : ": DIFFERS");
    printAnswers(**schema, *script, outcome);
    for (const std::string& difference : differences) std::printf("  %s\n", printable(difference).c_str());
    if (only == call.number) break;
  }
  std::printf("%u of %u calls as recorded\n", tried - differ, tried);
  return differ == 0 ? kDone : kNo;
}

}  // namespace

void addTryCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<TryOptions>();
  CLI::App* command = app.add_subcommand("try", "Play recorded clients and compare what they get");
  command->add_option("FILE", options->file, "The recording; \"-\" is standard input")->required();
  command->add_option("--call", options->call, "Only this call, numbered from 1")->type_name("N");
  command
      ->add_option("--address", options->address, "A server to ask; without it, the recording's own stand-in")
      ->type_name("ADDR");
  addWorkspaceOptions(*command, options->workspace);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli
