#pragma once

#include <QWidget>

#include "detail/drafts.h"
#include "detail/entry_actions.h"
#include "detail/entry_content.h"
#include "detail/message_view.h"
#include "detail/value_marks.h"
#include "document/snapshot.h"
#include "edit/edit.h"

class QStackedWidget;
class QToolButton;

namespace retake::gui {

class Document;
class HexView;
class MessageOverlay;
class SegmentedSwitch;
class StatusEditor;

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
  // Applies at once what stands in an open line edit of the tree, if it fits.
  void finishEditing();

  // What the values would be with a layer over the recording; lives longer than the view. Null: nothing.
  void setOverlay(const MessageOverlay* overlay);

  const EntryActions& actions() const { return m_actions; }
  MessageView& message() const { return *m_message; }
  StatusEditor& status() const { return *m_status; }

  // Whether the entry's bytes are not those of the recording as it was opened.
  bool isEdited() const;

 signals:
  void schemaWanted();
  void entryWanted(retake::EntryId entry);

 private:
  // What a status begins with that takes the place of a message: the failure that clients are to cope
  // with most often.
  static constexpr int kFirstCode = 14;

  enum class Mode { Empty, Message, Status, Raw, Notice };
  void load(bool sameEntry);
  Mode modeFor(const std::optional<Draft>& draft) const;
  void loadMessage(const std::optional<Draft>& draft, bool sameKind);
  void loadStatus(const std::optional<Draft>& draft);
  void setView(MessageViewKind view);
  bool hasFocusInside() const;
  void focusPage();
  void showView();
  void updateHead();
  void updateNotes();
  void updateMarks();
  std::vector<NoteBar::Note> markNotes() const;
  void push(const Edit& edit);
  void keepDraft(EntryId entry, Draft::Kind kind, const std::optional<QString>& text);
  // Of the entry that the editor shows, which need not be the view's any more: a check of a long text
  // answers late, and a line edit closes when its tree is hidden.
  void commitMessage(const std::string& message);
  void commitStatus(const Status& status);
  // Pushes the edit that a draft of `entry` has become; the draft stays when that fails.
  bool applyDraft(EntryId entry, const Edit& edit);
  // A message with one field edited, until the line edit has closed.
  struct LeafCommit {
    EntryId entry;
    Blob before;  // what the edit was made on
    QString path;
    std::string message;
  };
  void applyLeaves();
  void keepLeaf(const QString& path, const std::optional<QString>& text);
  std::vector<NoteBar::Note> leafNotes();
  void revert();
  void beginStatus(EntryId entry, Draft::Kind kind);
  void beginMessage();
  void addEnd();
  // The call that the entry belongs to, when the recording did not have it when it was opened.
  EntryId addedCall() const;
  // The call that the entry belongs to, when it has no recorded end: its REQUEST or CREATE_STREAM.
  EntryId openCall() const;
  void showLastOf(EntryId call);

  Document& m_document;
  Drafts& m_drafts;
  EntryContent m_content;
  Mode m_mode = Mode::Empty;
  Draft::Kind m_draftKind = Draft::Kind::Message;  // what an editor that is open writes
  MessageViewKind m_wanted = MessageViewKind::Tree;
  EntryId m_statusEntry;  // whose status the form shows
  std::vector<LeafCommit> m_leafCommits;
  const MessageOverlay* m_overlay = nullptr;
  std::vector<ValueMark> m_marks;  // of the entry
  QString m_problem;               // why the last edit could not be made
  EntryActions m_actions;

  QWidget* m_head;
  TextLabel* m_type;
  TextLabel* m_size;
  TextLabel* m_mark;
  TextLabel* m_scrubMark;
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
