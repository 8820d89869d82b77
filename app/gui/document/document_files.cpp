#include "document/document_files.h"

#include <QFile>
#include <QFileInfo>

namespace retake::gui {
namespace {

std::optional<FileStamp> stampOf(const std::string& path) {
  const auto stamp = fileStamp(path);
  return stamp ? std::optional(*stamp) : std::nullopt;
}

enum class Place { Free, Same, Taken };

// What stands where the workspace is to be written. Of an empty one there need not be a file.
Place placeOf(const FilesToWrite& files, const std::string& path) {
  const auto now = stampOf(path);
  if (!now) return *files.workspace == Workspace() ? Place::Same : Place::Free;
  if (!files.workspaceChecked || now == files.workspaceStamp) return Place::Free;
  const auto there = readWorkspace(path, false);
  return there && *there == *files.workspace ? Place::Same : Place::Taken;
}

}  // namespace

std::string nameOf(const QString& path) { return QFile::encodeName(path).toStdString(); }

std::shared_ptr<const Calls> grouped(const Recording& recording) {
  return std::make_shared<const Calls>(groupCalls(recording));
}

Result<LoadedFiles> loadFiles(const std::string& path, const Task& task) {
  auto opened = openRecording(path, task);
  if (!opened) return opened.error();
  LoadedFiles files{.opened = *std::move(opened),
                    .calls = nullptr,
                    .workspace = std::make_shared<const Workspace>(),
                    .workspaceStamp = {},
                    .workspaceError = {}};
  files.calls = grouped(*files.opened.recording);
  const std::string beside = workspacePathOf(path);
  files.workspaceStamp = stampOf(beside);
  if (!files.workspaceStamp) return files;
  auto workspace = readWorkspace(beside, false);
  if (workspace)
    files.workspace = std::make_shared<const Workspace>(*std::move(workspace));
  else
    files.workspaceError = workspace.error().message;
  return files;
}

Result<LoadedFiles> loadSample(const QString& path, const Task& task) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    return Error{path.toStdString() + ": cannot open the sample: " + file.errorString().toStdString()};
  auto source = sourceFromBytes(file.readAll().toStdString(), QFileInfo(path).fileName().toStdString());
  const auto format = formatOf(source->buffer().substr(0, kSniffBytes), source->name());
  if (!format) return format.error();
  auto recording = (*format)->read(source, task);
  if (!recording) return recording.error();
  LoadedFiles files;
  files.opened.recording = std::make_shared<const Recording>(*std::move(recording));
  files.opened.format = *format;
  files.calls = grouped(*files.opened.recording);
  files.workspace = std::make_shared<const Workspace>();
  return files;
}

WrittenFiles writeFiles(const FilesToWrite& files, const Task& task) {
  WrittenFiles written;
  const std::string beside = workspacePathOf(files.path);
  if (files.recording && files.recordingStamp) {
    const auto now = stampOf(files.path);
    if (now && *now != *files.recordingStamp) written.inTheWay = files.path;
  }
  const Place place = files.workspace ? placeOf(files, beside) : Place::Same;
  if (written.inTheWay.empty() && place == Place::Taken) written.inTheWay = beside;
  if (!written.inTheWay.empty()) return written;
  if (files.recording) {
    if (auto saved = saveRecording(*files.recording, *files.format, files.path, task); !saved) {
      written.error = saved.error();
      return written;
    }
    written.recording = stampOf(files.path).value_or(FileStamp{});
  }
  if (place == Place::Free) {
    if (auto saved = writeWorkspace(beside, *files.workspace); !saved) {
      written.error = saved.error();
      return written;
    }
  }
  if (files.workspace) written.workspace = stampOf(beside);
  return written;
}

}  // namespace retake::gui
