#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/upstream.h"
#include "replay/policy.h"
#include "replay/record_mode.h"
#include "scrub/scrub_settings.h"
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
  // How it is recorded, with `upstream` as the service.
  struct Record {
    std::optional<RecordMode> mode = {};  // empty: nobody has chosen
    bool plain = false;                   // as the Go packages write it
    bool operator==(const Record&) const = default;
  };
  std::vector<std::string> schema = {};  // places, as --schema takes them
  ReplayPolicy policy = {};
  std::vector<Listen> listen = {};
  Upstream upstream = {};  // of ExtraCalls::Forward and Record, and of recording; no address: none
  Record record = {};
  ScrubSettings scrub = {};
  std::string notes = {};
  // The comment lines at the top of the file, without the one that Retake writes itself; each ends in "\n".
  // Other comments are lost when the file is written again.
  std::string comment = {};
  bool operator==(const Workspace&) const = default;
};

// An Error has a line for each thing that is wrong: "LINE:COLUMN: expected ..., found ...", both from 1.
// Names of files are as they stand there.
Result<Workspace> parseWorkspace(std::string_view text);
// The same text for equal workspaces. Fields that have their default are left out; an empty workspace is a
// comment that says what the file is.
std::string printWorkspace(const Workspace& workspace);

// "dir/calls.retake" of "dir/calls.replay"; ".retake" behind a name without a known extension.
std::string workspacePathOf(std::string_view recordingPath);
// Names of files (schema, TLS, Unix sockets, scrub rules and key) are relative to the working directory
// afterwards. A file that is not there is an empty Workspace, where it need not be. An Error's lines begin
// with "PATH:LINE:COLUMN: ".
Result<Workspace> readWorkspace(const std::string& path, bool required);
// Replaces the file in one step. Takes names of files as readWorkspace gives them, and writes them relative
// to the file's folder; those that have nothing in common with it absolute.
Result<void> writeWorkspace(const std::string& path, const Workspace& workspace);

}  // namespace retake
