#include "scrub_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/fd_sink.h"
#include "command.h"
#include "edit/edit.h"
#include "scrub/find_secrets.h"
#include "scrub/open_scrubber.h"
#include "scrub/scrub_recording.h"
#include "scrub_options.h"
#include "scrub_report.h"
#include "workspace_options.h"

namespace retake::cli {
namespace {

struct ScrubCommandOptions {
  std::string in;
  std::string out;
  bool inPlace = false;
  bool check = false;
  bool force = false;
  bool plain = false;
  bool json = false;
  bool show = false;
  std::vector<std::string> detectors;
  ScrubOptions scrub;
  WorkspaceOptions workspace;
};

Result<void> checkOptions(const ScrubCommandOptions& options) {
  const int targets = (options.inPlace ? 1 : 0) + (options.out.empty() ? 0 : 1) + (options.check ? 1 : 0);
  if (targets != 1)
    return Error{std::string("expected one of -o OUT, -i and --check, found ") +
                 (targets == 0 ? "none" : "more than one")};
  if (options.check && (options.force || options.plain))
    return Error{"--check writes nothing: expected neither --force nor --plain with it"};
  if (options.inPlace && options.in == "-")
    return Error{"-i: standard input cannot be scrubbed in place; use -o"};
  std::error_code unknown;
  const auto status = std::filesystem::status(options.in, unknown);
  if (options.inPlace && std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return Error{"-i: " + options.in + ": expected a regular file, found something else"};
  return {};
}

std::vector<std::string> detectorIds(const std::vector<std::string>& lists) {
  std::vector<std::string> ids;
  for (const std::string& list : lists)
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t end = std::min(list.find(',', at), list.size());
      if (end > at) ids.push_back(list.substr(at, end - at));
      at = end + 1;
    }
  return ids;
}

// The only place that prints: to standard output, unless the recording goes there.
Result<void> tell(const ScrubCommandOptions& options, const ScrubTold& told) {
  const bool toError = options.out == "-" || (!options.check && !options.json);
  FdSink sink(toError ? STDERR_FILENO : STDOUT_FILENO, toError ? "standard error" : "standard output");
  const std::string text = options.json ? asJson(told) : asText(told);
  if (auto done = sink.write(text); !done) return done;
  return sink.flush();
}

Result<ExitCode> scrub(const ScrubCommandOptions& options) {
  if (auto sound = checkOptions(options); !sound) return sound.error();
  auto workspace = openWorkspace(options.workspace);
  if (!workspace) return workspace.error();
  if (auto merged = mergeScrub(options.scrub, workspace->scrub); !merged) return merged.error();
  const auto schema = openSchema(*workspace);
  if (!schema) return schema.error();
  const auto scrubber = openScrubber(workspace->scrub, *schema);
  if (!scrubber) return scrubber.error();
  if (!*scrubber && !options.check)
    return Error{"expected --rules F, or --workspace with rules that are on, found none"};
  const auto file = openFile(options.in, **schema);
  if (!file) return file.error();

  const FindOptions find = {.detectors = detectorIds(options.detectors)};
  const FilterInput original = {.recording = file->recording,
                                .calls = std::make_shared<const Calls>(groupCalls(*file->recording)),
                                .schema = *schema};
  if (!*scrubber) {
    auto finds = findSecrets(original, find);
    if (!finds) return finds.error();
    const LeftSecrets left = {.values = {}, .shortValues = {}, .finds = *std::move(finds)};
    const ScrubRules none;
    const ScrubTold told = {
        .input = original, .rules = none, .report = nullptr, .left = left, .whole = options.show};
    if (auto done = tell(options, told); !done) return done.error();
    return left.isClean() ? kDone : kNo;
  }

  auto changed = scrubRecording(original, **scrubber, !options.plain);
  if (!changed) return changed.error();
  auto after = apply(*file->recording, std::move(changed->edit));
  if (!after) return after.error();
  const auto recording = std::make_shared<const Recording>(*std::move(after));
  // Entries stay where they are: calls, too.
  const FilterInput scrubbed = {.recording = recording, .calls = original.calls, .schema = *schema};
  const auto left = checkWhatIsLeft(original, scrubbed, **scrubber, find);
  if (!left) return left.error();
  const ScrubTold told = {.input = scrubbed,
                          .rules = (*scrubber)->rules(),
                          .report = &changed->report,
                          .left = *left,
                          .whole = options.show};
  if (auto done = tell(options, told); !done) return done.error();
  if (options.check) return left->isClean() ? kDone : kNo;
  if (!left->isClean() && !options.force) {
    fail({"nothing is written while anything is left: expected more rules, or --force, found neither"});
    return kNo;
  }
  const auto saved = saveRecording(*recording, *file->format, options.inPlace ? options.in : options.out);
  if (!saved) return saved.error();
  return kDone;
}

// "jwt, private-key, ...", in lines.
std::string listOfDetectors() {
  std::string list;
  std::size_t width = 0;
  for (const SecretDetector& detector : secretDetectors()) {
    const std::string id(detector.id);
    if (!list.empty()) list += width + id.size() > 96 ? ",\n" : ", ";
    width = list.ends_with('\n') ? id.size() : width + id.size() + 2;
    list += id;
  }
  return list;
}

}  // namespace

void addScrubCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<ScrubCommandOptions>();
  CLI::App* command =
      app.add_subcommand("scrub", "Writes a recording without its secrets, or looks for them");
  command->footer(
      "What rules took out is looked for in every form (base64, hex, ...) in what would be written, and the\n"
      "detectors look for what no rule took out. Exit code 1: something is left, and nothing was written.\n"
      "Detectors: secrets (all that are no personal data), personal, " +
      listOfDetectors());
  command->add_option("IN", options->in, "A recording; - is standard input")->required();
  command->add_option("-o,--output", options->out, "Where to write it; - is standard output")
      ->type_name("OUT");
  command->add_flag("-i,--in-place", options->inPlace, "Replace IN");
  command->add_flag("--check", options->check,
                    "Write nothing; say what is left, with the rules or without any");
  command->add_flag("--force", options->force, "Write it though something is left");
  command->add_flag("--plain", options->plain,
                    "As the Go packages write it: without a mark at the entries that were changed");
  command->add_flag("--json", options->json, "Say what is left, and what the rules did, as one JSON object");
  command->add_flag("--show", options->show, "Show values whole, which otherwise are cut short");
  addList(*command, "--detectors", options->detectors, "ID,...", "Look for these alone; may be repeated");
  addScrubOptions(*command, options->scrub);
  addWorkspaceOptions(*command, options->workspace);
  command->callback([options, &exitCode] {
    const auto done = scrub(*options);
    exitCode = done ? *done : fail(done.error());
  });
}

}  // namespace retake::cli
