#pragma once

#include <functional>
#include <memory>
#include <string>

#include "recording/recording.h"
#include "schema/schema.h"
#include "serve/replay_server.h"
#include "signals.h"
#include "workspace/workspace.h"

namespace retake::cli {

// A sentence on standard error that nothing has failed with.
void warn(const std::string& sentence);

// What `serve` and `record` run.
struct StandIn {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Schema> schema;
  const Workspace& workspace;
  std::shared_ptr<const Scrubber> rules = {};
  // Called when all endpoints are open, so that a mistake costs no recording; empty: nothing is recorded.
  std::function<Result<std::shared_ptr<Recorder>>()> openRecorder = {};
  bool jsonLog = false;
};

// The last words; `recorder` is null where nothing is recorded.
using Conclude = std::function<std::string(const ReplayReport& report, Recorder* recorder)>;

// Listens, says so (serve_command.h), and serves until a signal. What `conclude` gives, with the server
// stopped, is the last thing on standard error.
Result<ReplayReport> serveUntilSignal(const Signals& signals, const StandIn& standIn,
                                      const Conclude& conclude);

}  // namespace retake::cli
