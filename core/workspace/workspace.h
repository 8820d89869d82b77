#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/upstream.h"
#include "replay/policy.h"
#include "serve/endpoint.h"

namespace retake {

// What belongs to a recording but does not stand in it: how it is read and served. "calls.replay" goes with
// "calls.retake", text format (proto/retake/workspace.proto), made to be read in review and kept in git.
struct Workspace {
  struct Listen {
    std::string address;
    ServerTls tls = {};
    bool operator==(const Listen&) const = default;
  };
  std::vector<std::string> schema = {};  // places, as --schema takes them; relative to the file
  ReplayPolicy policy = {};
  std::vector<Listen> listen = {};
  Upstream upstream = {};  // of ExtraCalls::Forward; no address: none
  std::string notes = {};
  bool operator==(const Workspace&) const = default;
};

// An Error names line and column, what was expected and what was found.
Result<Workspace> parseWorkspace(std::string_view text);
// Fields that have their default are left out; an empty workspace is a line that says what the file is.
std::string printWorkspace(const Workspace& workspace);

// "dir/calls.retake" of "dir/calls.replay"; ".retake" behind a name without a known extension.
std::string workspacePathOf(std::string_view recordingPath);
// A file that is not there is an empty Workspace only where `required` is false.
Result<Workspace> readWorkspace(const std::string& path, bool required);
// Replaces the file in one step.
Result<void> writeWorkspace(const std::string& path, const Workspace& workspace);

}  // namespace retake
