#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <QUndoStack>
#include <functional>
#include <optional>
#include <vector>

#include "document/job.h"
#include "document/snapshot.h"
#include "edit/edit.h"
#include "format/format.h"
#include "recording/problem.h"

namespace retake::gui {

struct LoadedFiles;

// What the file holds by now, and what is shown of it: made elsewhere, for a document that is still at
// `from`.
struct GrownFile {
  std::shared_ptr<const Recording> from = {};    // what was shown
  std::uint32_t idsFrom = 0;                     // Document::nextId()
  std::shared_ptr<const Recording> opened = {};  // as Document::opened(), with what is new
  std::shared_ptr<const Calls> openedCalls = {};
  std::shared_ptr<const Recording> shown = {};  // with the edits
  std::shared_ptr<const Calls> calls = {};
  FileStamp stamp = {};
};

// A recording and what it was edited to. Comparing them takes long where many entries differ: any thread may
// do it, for a document that is still at `from` when it is pushed.
struct EditedRecording {
  std::shared_ptr<const Recording> from = {};
  std::shared_ptr<const Recording> recording = {};  // `from` itself where nothing differs
  std::shared_ptr<const Calls> calls = {};
  std::vector<EntryId> entries = {};  // that differ

  static EditedRecording compare(const std::shared_ptr<const Recording>& from,
                                 const std::shared_ptr<const Calls>& calls,
                                 std::shared_ptr<const Recording> recording);
};

// The open recording: its snapshot, the files it came from, and the undo stack, which is the only
// door for changes. Panes read snapshot() and listen to changed(). Lives on the GUI thread; opening,
// saving and loading a schema run elsewhere and come back as values. One of them at a time: what is
// asked for meanwhile fails with a sentence.
class Document : public QObject {
  Q_OBJECT
 public:
  explicit Document(QObject* parent = nullptr);
  ~Document() override;

  const Snapshot& snapshot() const { return m_snapshot; }
  const Snapshot& opened() const { return m_opened; }  // as it was when opened: what edits are compared with
  bool isOpen() const { return m_format != nullptr; }
  QString path() const { return m_path; }  // empty: not saved anywhere yet
  QString displayName() const;
  // Beside path(); empty where that is.
  QString workspacePath() const;
  // Why the workspace's file, which is there, could not be read; the workspace is empty then.
  QString workspaceError() const { return m_workspaceError; }
  const Format* format() const { return m_format; }
  QStringList schemaPlaces() const { return m_schemaPlaces; }
  QUndoStack& undoStack() { return m_undo; }
  // Whether the recording or its workspace is another one than was opened or last saved. Undoing back to it
  // is not.
  bool isModified() const { return isRecordingModified() || isWorkspaceModified(); }
  bool isRecordingModified() const { return m_isUnsaved || m_version != m_savedVersion; }
  bool isWorkspaceModified() const { return *m_snapshot.workspace != *m_savedWorkspace; }
  bool isBusy() const { return m_job.isRunning(); }
  Job& job() { return m_job; }  // what runs, how far it is; may be cancelled

  // Damage, then messages that the schema does not fit. Recomputed off the GUI thread.
  const std::vector<Problem>& problems() const { return m_problems; }
  // What path() holds, as far as is known here; as it was opened where that is empty.
  std::shared_ptr<const Recording> savedRecording() const;
  // Entries whose bytes differ from opened(), in file order.
  const std::vector<EntryId>& editedEntries() const { return m_edited; }

  // Applies an edit as one undo step. Empty when done, else why not; then nothing has changed. An
  // edit that changes nothing is done, and no step.
  std::optional<QString> push(const Edit& edit);
  // Applies edits in their order, and a workspace where one is given, as one undo step of that name. Edits
  // that cannot be are left out, and the answer says why, a sentence each.
  QStringList pushAll(const std::vector<Edit>& edits, const QString& name,
                      const std::optional<Workspace>& workspace = std::nullopt);
  // One undo step of that name. False, and nothing has changed, when the document is at another recording.
  bool push(EditedRecording edited, const QString& name);
  // Another policy, address, ... as one undo step of that name; the one that is there already is no step.
  void pushWorkspace(const Workspace& workspace, const QString& name);

  // Whether path() holds what opened() was read from, as far as is known here.
  bool isAsOpened() const { return isOpen() && m_isAsOpened && !m_path.isEmpty(); }
  const FileStamp& stamp() const { return m_stamp; }  // of path(), when it was last read or written
  void setStamp(const FileStamp& stamp) { m_stamp = stamp; }
  // Above every id that any snapshot has had.
  std::uint32_t nextId() const;
  // Shows what was appended to the file, in each state that undo knows; no undo step, and no modification.
  // False when the document has changed since `grown` was made: make it anew.
  bool append(const GrownFile& grown);
  // While somebody else may write to path(), nothing is saved there.
  void setFollowed(bool followed) { m_isFollowed = followed; }
  // Likewise, whatever is open: this program is recording into that file. Empty: into none.
  void setRecordedInto(const QString& path) { m_recordedInto = path; }

  // Each answers with finished(): opened or saved, or failed with a sentence. The document that was
  // open stays as it is when opening or saving fails.
  // A file is opened with the workspace beside it, where there is one.
  void open(const QString& path);
  // Called when a file has been read, before it replaces the one that is open, which may have been
  // edited meanwhile. The file is shown when `replace` is called, now or later; never, if it is not.
  // Without such a function a document that was edited meanwhile stays open.
  void setBeforeReplacing(std::function<void(std::function<void()> replace)> ask) {
    m_beforeReplacing = std::move(ask);
  }
  // Opens bytes that belong to no file the user chose (the sample): saving asks where.
  void openSample(const QString& path);
  // Opens a copy of a recording of that name that no file has as it is: it counts as modified, and saving
  // asks where.
  void openUnsaved(const QString& path, const QString& name);
  // To path(), which must not be empty. The workspace is written beside it where it was changed.
  void save();
  void saveAs(const QString& path);
  void setSchemaPlaces(const QStringList& places);
  void close();

 signals:
  void changed(const retake::gui::SnapshotChange& change);
  void modifiedChanged(bool modified);
  void problemsChanged();
  void fileChanged();                     // path, format or open state
  void busyChanged(const QString& what);  // empty: no longer busy
  void fileOpened(const QString& path);
  void saved(const QString& path);
  void schemaLoaded();
  // `sentence` may have further lines: the complaints of a schema compiler.
  void failed(const QString& sentence);
  // It was saving that failed: the edits are still there and can be saved elsewhere.
  void saveFailed(const QString& path, const QString& sentence);
  // The file on disk, of the recording or of its workspace, is not the one that was opened: another program
  // wrote it, or it could not be read. Nothing was saved; call saveOver() to replace it all the same.
  void changedOnDisk(const QString& path);

 public slots:
  void saveOver();

 private:
  friend class EditCommand;
  // A state of the recording. A file that grows makes it longer, also while only undo holds it: then when
  // it is shown again.
  struct Version {
    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const Calls> calls;
    std::uint64_t growth = 0;  // the m_growth that it has
  };
  struct State {  // what undo and redo swap
    std::shared_ptr<Version> version;
    std::shared_ptr<const Workspace> workspace;
  };
  // What is looked at before files are replaced.
  enum class Check { Stamp, Workspace, None };

  State state() const { return {m_version, m_snapshot.workspace}; }
  std::shared_ptr<Version> makeVersion(std::shared_ptr<const Recording> recording,
                                       std::shared_ptr<const Calls> calls) const;
  void bringUp(Version& version) const;
  void setState(const State& state, const std::vector<EntryId>& entries);
  // What is opened: a file that is saved to, or something else under a name.
  enum class Role { File, Sample, Unsaved };
  void openFile(const QString& path, Role role, const QString& name);
  void show(const LoadedFiles& files, const QString& path, Role role, const QString& name);
  void startOver(bool wasModified);
  void write(const QString& path, Check check);
  bool refuseWhenBusy();
  void updateEdited();
  void findProblemsAgain();

  Snapshot m_snapshot;
  Snapshot m_opened;
  std::shared_ptr<Version> m_version;  // what m_snapshot shows
  std::shared_ptr<Version> m_savedVersion;
  bool m_isUnsaved = false;    // no file has m_savedVersion
  std::uint64_t m_growth = 0;  // how often the file has grown
  bool m_isAsOpened = false;
  bool m_isFollowed = false;
  QString m_recordedInto;
  std::shared_ptr<const Workspace> m_savedWorkspace;
  QString m_path;
  QString m_unsavedName;  // while there is no m_path
  const Format* m_format = nullptr;
  FileStamp m_stamp;
  std::optional<FileStamp> m_workspaceStamp;  // none: there was no such file, or none that could be read
  QString m_workspaceError;
  QString m_inTheWayOf;        // where saving stopped
  std::uint32_t m_nextId = 0;  // above every id that any snapshot has had
  QStringList m_schemaPlaces;
  std::vector<Problem> m_problems;
  std::vector<EntryId> m_edited;
  QUndoStack m_undo;
  std::function<void(std::function<void()>)> m_beforeReplacing;
  Job m_job;
  Job m_inspection;        // looks for problems
  QTimer m_inspectionDue;  // waits until typing and undoing pause
};

}  // namespace retake::gui
