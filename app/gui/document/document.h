#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUndoStack>
#include <optional>
#include <vector>

#include "document/snapshot.h"
#include "edit/edit.h"
#include "format/format.h"
#include "recording/problem.h"

namespace retake::gui {

// The open recording: its snapshot, the file it came from, and the undo stack, which is the only
// door for changes. Panes read snapshot() and listen to changed(). Lives on the GUI thread; opening,
// saving and loading a schema run elsewhere and come back as values.
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
  const Format* format() const { return m_format; }
  QStringList schemaPlaces() const { return m_schemaPlaces; }
  QUndoStack& undoStack() { return m_undo; }
  bool isModified() const { return !m_undo.isClean(); }
  bool isBusy() const { return m_busy; }

  // Damage, then messages that the schema does not fit. Recomputed off the GUI thread.
  const std::vector<Problem>& problems() const { return m_problems; }
  // Entries whose bytes differ from opened(), in file order.
  std::vector<EntryId> editedEntries() const;

  // Applies an edit as one undo step. Empty when done, else why not; then nothing has changed.
  std::optional<QString> push(const Edit& edit);

  // Each answers with finished(): opened or saved, or failed with a sentence. The document that was
  // open stays as it is when opening or saving fails.
  void open(const QString& path);
  // Opens bytes that belong to no file the user chose (the sample): saving asks where.
  void openSample(const QString& path);
  void save();
  void saveAs(const QString& path);
  void setSchemaPlaces(const QStringList& places);
  void close();

 signals:
  void changed(const retake::gui::SnapshotChange& change);
  void problemsChanged();
  void fileChanged();                     // path, format or open state
  void busyChanged(const QString& what);  // empty: no longer busy
  void opened(const QString& path);
  void saved(const QString& path);
  void schemaLoaded();
  void failed(const QString& sentence);
  // The file on disk is not the one that was opened: another program wrote it. save() stopped; call
  // saveOver() to replace it all the same.
  void changedOnDisk(const QString& path);

 public slots:
  void saveOver();

 private:
  friend class EditCommand;
  void setRecording(std::shared_ptr<const Recording> recording);  // by undo and redo

  Snapshot m_snapshot;
  Snapshot m_opened;
  QString m_path;
  const Format* m_format = nullptr;
  FileStamp m_stamp;
  QStringList m_schemaPlaces;
  std::vector<Problem> m_problems;
  QUndoStack m_undo;
  bool m_busy = false;
};

}  // namespace retake::gui
