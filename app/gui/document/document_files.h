#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <string>

#include "base/task.h"
#include "format/format.h"
#include "recording/calls.h"
#include "workspace/workspace.h"

// A recording's file and its workspace beside it, read and written together. Called on any thread.
namespace retake::gui {

struct LoadedFiles {
  OpenedRecording opened;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<const Workspace> workspace;  // never null; the default where there is no file
  std::optional<FileStamp> workspaceStamp;     // as it was before reading; none: there is no file
  std::string workspaceError;                  // why the file that is there could not be read
};

// As the library takes it.
std::string nameOf(const QString& path);

// `path` is absolute, so that the names of files in the workspace are.
Result<LoadedFiles> loadFiles(const std::string& path, const Task& task);
// A sample lies among the program's resources, where only Qt can read it; it has no workspace.
Result<LoadedFiles> loadSample(const QString& path, const Task& task);

std::shared_ptr<const Calls> grouped(const Recording& recording);

struct FilesToWrite {
  std::string path;  // of the recording; absolute
  const Format* format = nullptr;
  std::shared_ptr<const Recording> recording;  // null: stays as it is on disk
  std::shared_ptr<const Workspace> workspace;  // null: likewise
  // What must be there still, or nothing is written. A file that is gone is no loss to anyone.
  std::optional<FileStamp> recordingStamp = {};
  // The workspace's file must be the one of that stamp, or missing, or hold what is to be written; where it
  // is not checked, it is replaced whatever it is. An empty workspace does not make a file.
  bool workspaceChecked = false;
  std::optional<FileStamp> workspaceStamp = {};
};

struct WrittenFiles {
  std::string inTheWay = {};                // the file that is not what it was; then nothing was written
  std::optional<FileStamp> recording = {};  // as it is now, where it was written
  std::optional<FileStamp> workspace = {};  // likewise; none also where there is no file
  std::optional<Error> error = {};          // why not all of them were
};
WrittenFiles writeFiles(const FilesToWrite& files, const Task& task);

}  // namespace retake::gui
