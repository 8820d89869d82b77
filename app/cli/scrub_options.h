#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "scrub/scrub_settings.h"

namespace CLI {
class App;
}

namespace retake::cli {

// Rules and their key, as every command that scrubs takes them.
struct ScrubOptions {
  std::vector<std::string> rules;  // --rules F, as often as one likes; "library:ID" is one of ours
  std::string keyFile;             // --key-file F
  std::string keyVariable;         // --key-env NAME
};
void addScrubOptions(CLI::App& command, ScrubOptions& options);

// What was typed counts more: its rules follow those of the workspace, which are on then, and its key stands
// in place of the workspace's. An Error names the options that make no sense.
Result<void> mergeScrub(const ScrubOptions& options, ScrubSettings& settings);

}  // namespace retake::cli
