#pragma once

#include <QWidget>

#include "detail/drafts.h"
#include "detail/entry_content.h"
#include "detail/message_view.h"
#include "document/snapshot.h"
#include "edit/edit.h"

class QAction;
class QStackedWidget;
class QToolButton;

namespace retake::gui {

class Document;
class HexView;
class SegmentedSwitch;
class StatusEditor;

// What can be done with the entry that is shown. The actions belong to the view and are always
// there; those that do not apply are disabled.
struct EntryActions {
  QAction* tree = nullptr;
  QAction* json = nullptr;
  QAction* hex = nullptr;
  QAction* revert = nullptr;
  QAction* replaceByStatus = nullptr;
  QAction* replaceByMessage = nullptr;
  QAction* addEnd = nullptr;
  QList<QAction*> all() const;
};

// One entry: its message in three views, or its status as a form, or a sentence where it has
// neither. Edits go to the document as one step each; what is not applied goes to the drafts.
class EntryView : public QWidget {
  Q_OBJECT
 public:
  EntryView(Document& document, Drafts& drafts, QWidget* parent = nullptr);

  void showEntry(EntryId entry);  // none: the view is empty
  // The document has changed; reads the entry again where that concerns it.
  void refresh(const SnapshotChange& change);
  EntryId entry() const { return m_content.id; }

  const EntryActions& actions() const { return m_actions; }
  MessageView& message() const { return *m_message; }
  StatusEditor& status() const { return *m_status; }

  // Whether the entry's bytes are not those of the recording as it was opened.
  bool isEdited() const;

 signals:
  void schemaWanted();
  void entryWanted(retake::EntryId entry);

 private:
  enum class Mode { Empty, Message, Status, Raw, Notice };
  void makeActions();
  void load(bool sameEntry);
  Mode modeFor(const std::optional<Draft>& draft) const;
  void loadMessage(const std::optional<Draft>& draft, bool sameKind);
  void loadStatus(const std::optional<Draft>& draft);
  void loadNotice();
  void setView(MessageViewKind view);
  void showView();
  void updateHead();
  void updateNotes();
  void push(const Edit& edit);
  void keepDraft(Draft::Kind kind, const std::optional<QString>& text);
  void commitMessage(const std::string& message);
  void commitStatus(const Status& status);
  void revert();
  void beginStatus(Draft::Kind kind);
  void beginMessage();
  // The stream that the entry belongs to, when it has no recorded end.
  EntryId openStream() const;

  Document& m_document;
  Drafts& m_drafts;
  EntryContent m_content;
  Mode m_mode = Mode::Empty;
  Draft::Kind m_draftKind = Draft::Kind::Message;  // what an editor that is open writes
  MessageViewKind m_wanted = MessageViewKind::Tree;
  bool m_committing = false;
  QString m_problem;  // why the last edit could not be made
  EntryActions m_actions;

  QWidget* m_head;
  TextLabel* m_type;
  TextLabel* m_size;
  TextLabel* m_mark;
  SegmentedSwitch* m_switch;
  QToolButton* m_revert;
  QToolButton* m_more;
  NoteBar* m_notes;
  QStackedWidget* m_pages;
  MessageView* m_message;
  StatusEditor* m_status;
  HexView* m_raw;
  QWidget* m_notice;
  TextLabel* m_noticeText;
};

}  // namespace retake::gui
