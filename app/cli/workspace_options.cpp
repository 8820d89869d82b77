#include "workspace_options.h"

#include <CLI/CLI.hpp>

#include "client/schema_places.h"
#include "command.h"

namespace retake::cli {

void addWorkspaceOptions(CLI::App& command, WorkspaceOptions& options) {
  addList(command, "--schema", options.schema, "PATH",
          "A descriptor set, a .proto file, a folder of .proto files, or reflection:ADDR for those of a live "
          "server; may be repeated");
  command
      .add_option("--workspace", options.workspace,
                  "How the recording is read and served; what is said here counts more")
      ->type_name("NAME.retake");
}

Result<Workspace> openWorkspace(const WorkspaceOptions& options) {
  Workspace workspace;
  if (!options.workspace.empty()) {
    auto read = readWorkspace(options.workspace, true);
    if (!read) return read.error();
    workspace = *std::move(read);
  }
  if (!options.schema.empty()) workspace.schema = options.schema;
  return workspace;
}

Result<std::shared_ptr<const Schema>> openSchema(const Workspace& workspace) {
  if (workspace.schema.empty()) return Schema::builtin();
  return loadSchemaPlaces(workspace.schema);
}

Result<std::shared_ptr<const Schema>> openSchema(const WorkspaceOptions& options) {
  const auto workspace = openWorkspace(options);
  if (!workspace) return workspace.error();
  return openSchema(*workspace);
}

}  // namespace retake::cli
