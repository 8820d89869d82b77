#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/upstream.h"
#include "scrub_options.h"
#include "serve/endpoint.h"
#include "workspace_options.h"

namespace retake::cli {

// What is typed behind `serve`.
struct ServeOptions {
  std::string file;
  WorkspaceOptions workspace;
  std::vector<std::string> listen;
  ServerTls tls;

  std::string reuse;  // empty, as all below: not said
  std::vector<std::string> ignore;
  std::vector<std::string> compareMetadata;
  bool strictStreams = false;
  std::string pace;
  std::optional<double> speed;
  std::optional<double> causalBound;  // seconds

  ScrubOptions scrub;

  std::string extra;
  Upstream upstream;

  std::string initialStateTo;  // a file
  std::string initialStateAs;  // the name of a form; empty: the bytes

  bool jsonLog = false;
  bool verify = false;
};
void addServeOptions(CLI::App& command, ServeOptions& options);
// Those of `record`, which sets the file and what becomes of extra calls itself.
void addRecordedServeOptions(CLI::App& command, ServeOptions& options);

// The workspace as it is served: what was typed counts more, rules are added to those of the workspace. It
// has an endpoint. An Error names the option that makes no sense.
Result<Workspace> servedWorkspace(const ServeOptions& options);

}  // namespace retake::cli
