#include "scrub_options.h"

#include <CLI/CLI.hpp>

#include "command.h"

namespace retake::cli {

void addScrubOptions(CLI::App& command, ScrubOptions& options) {
  addList(command, "--rules", options.rules, "F",
          "Scrub rules: a file of them, or library:ID for one of ours; may be repeated");
  command.add_option("--key-file", options.keyFile, "What hashes and fakes are keyed with: 16 bytes or more")
      ->type_name("F");
  command.add_option("--key-env", options.keyVariable, "The same, in an environment variable")
      ->type_name("NAME");
}

Result<void> mergeScrub(const ScrubOptions& options, ScrubSettings& settings) {
  if (!options.keyFile.empty() && !options.keyVariable.empty())
    return Error{"--key-file and --key-env: expected one of them, found both"};
  if (!options.rules.empty()) settings.on = true;
  settings.ruleFiles.insert(settings.ruleFiles.end(), options.rules.begin(), options.rules.end());
  if (!options.keyFile.empty() || !options.keyVariable.empty()) {
    settings.keyFile = options.keyFile;
    settings.keyVariable = options.keyVariable;
  }
  return {};
}

}  // namespace retake::cli
