#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "schema/schema.h"
#include "workspace/workspace.h"

namespace CLI {
class App;
}

namespace retake::cli {

// What goes with a recording, as every command takes it.
struct WorkspaceOptions {
  std::string workspace;            // --workspace NAME.retake
  std::vector<std::string> schema;  // --schema PATH, as often as one likes
};
void addWorkspaceOptions(CLI::App& command, WorkspaceOptions& options);

// The workspace, or an empty one; --schema stands in place of what it names.
Result<Workspace> openWorkspace(const WorkspaceOptions& options);
// The built-in one where no place is named.
Result<std::shared_ptr<const Schema>> openSchema(const Workspace& workspace);
// Of commands that want no more than that.
Result<std::shared_ptr<const Schema>> openSchema(const WorkspaceOptions& options);

}  // namespace retake::cli
