#pragma once

#include <QDateTime>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "detail/drafts.h"
#include "document/document_files.h"
#include "edit/origins.h"

// Unsaved edits as they lie in a folder of their own: "edits.json" says whose they are, has what was typed
// and not applied, and names the files beside it, a whole recording and its workspace, as they would have
// been saved. Called on any thread.
namespace retake::gui {

// What was typed and not applied.
struct KeptDraft {
  std::optional<std::uint32_t> position = {};  // of the entry, as edited; none: it is of the initial state
  std::optional<Draft> draft = {};
  Drafts::Leaves leaves = {};

  bool operator==(const KeptDraft&) const = default;
};

struct KeptEdits {
  QString path;       // of the recording that was edited, absolute; empty: it had no file yet
  QString name;       // as it was shown
  FileStamp stamp;    // of path() as it was read or written last
  QString recording;  // the edited one's file; empty: it was not edited
  QString workspace;  // its workspace's; empty: neither was that
  bool isWorkspaceEdited = false;
  QDateTime when;                  // they were kept
  std::vector<OriginRun> origins;  // of the entries of `recording`, in path()
  std::vector<KeptDraft> drafts;
};

struct EditsToKeep {
  QString folder;
  std::uint32_t generation = 0;  // another one each time that recording or workspace is another one
  QString path;
  QString name;
  FileStamp stamp = {};
  const Format* format = nullptr;
  std::shared_ptr<const Recording> recording = {};  // null: not edited
  std::shared_ptr<const Recording> file = {};       // as it is in `path`
  std::shared_ptr<const Workspace> workspace = {};  // null: neither is edited
  bool isWorkspaceEdited = false;
  std::vector<KeptDraft> drafts = {};
  bool areFilesKept = false;  // those of this generation are there, and as they are to be
};

// In place of what the folder has, in one step: after an Error it is as it was.
Result<void> keepEdits(const EditsToKeep& edits, const Task& task);

// An Error where there are none, or another version of this program has written them.
Result<KeptEdits> readKeptEdits(const QString& folder);

// Whether the recording that was edited is still as it was.
bool isAsItWas(const KeptEdits& edits);

}  // namespace retake::gui
