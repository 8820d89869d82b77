#pragma once

#include <QObject>
#include <memory>

#include "document/document.h"
#include "document/job.h"
#include "recovery/edit_keeper.h"
#include "recovery/kept_edits.h"
#include "recovery/kept_folder.h"

class QWidget;

namespace retake::gui {

class CloseGuard;
class MessageBar;
class Selection;

// Unsaved edits of a program that ended without being closed: the bar offers them, and they come back as one
// step of undo on the recording that they were made on, or, where that is not what it was, as a recording of
// their own.
class RecoveryFlow : public QObject {
  Q_OBJECT
 public:
  RecoveryFlow(Document& document, Selection& selection, Drafts& drafts, CloseGuard& guard, MessageBar& bar,
               QWidget* window);
  ~RecoveryFlow() override;

  // Offers those of any recording, when the document is not busy. When a file is opened its own are offered
  // without being asked for.
  void offerAny();

 signals:
  void said(const QString& text);

 private:
  struct Recovery {
    std::unique_ptr<KeptFolder> folder;
    KeptEdits edits;
  };
  struct Edited {
    std::shared_ptr<const Workspace> from;
    std::shared_ptr<const Workspace> workspace;  // null: as it is
    EditedRecording recording;
  };

  void offer();
  void offerWhenFree();
  void recover(const QString& folder);
  void askToDiscard(const QString& folder, const QString& name);
  void open();
  void openItsOwn();
  void opened(const QString& path);
  void read();
  static Result<Edited> edited(const KeptEdits& edits, const Snapshot& file, const Task& task);
  void apply(const Edited& edited);
  void giveUp();
  void select();
  void recoverDrafts(const std::vector<KeptDraft>& drafts);
  void documentIsFree();
  void fail(const QString& sentence);
  void releaseHeld();

  Document& m_document;
  Selection& m_selection;
  Drafts& m_drafts;
  MessageBar& m_bar;
  CloseGuard& m_guard;
  QWidget* m_window;
  EditKeeper m_keeper;
  bool m_offerDue = false;
  bool m_any = false;                  // whose recording is not open, too
  std::shared_ptr<Recovery> m_wanted;  // until its recording has been opened, and its edits are read
  bool m_openDue = false;              // the document was busy
  bool m_readDue = false;              // the job was: what it reads is not wanted any more
  std::unique_ptr<KeptFolder> m_held;  // goes when what is in it has been kept anew, or is saved or given up
  Job m_job;
};

}  // namespace retake::gui
