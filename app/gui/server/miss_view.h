#pragma once

#include <QWidget>
#include <functional>
#include <memory>

#include "explain/explanation.h"
#include "recording/ids.h"

class QBoxLayout;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace retake::gui {

class Document;
class MissRows;
class MissTable;
class NoteBar;
class Selection;
class TextLabel;
struct Remedy;

// A miss, explained: why, field by field, what would have been answered, and what can be done about it with
// one click. Each remedy is one undo step.
class MissView : public QWidget {
  Q_OBJECT
 public:
  MissView(Document& document, Selection& selection, QWidget* parent = nullptr);

  // `text` is the status message that the client got; it is shown where the explanation is not kept any more.
  void showMiss(std::shared_ptr<const Explanation> explanation, const QString& text);
  const std::shared_ptr<const Explanation>& miss() const { return m_miss; }
  // What a server has answered with since it was started, or since it forgot that.
  void addUsed(const std::vector<EntryId>& calls);
  void forgetUsed() { m_used.clear(); }

 signals:
  // A call was added and is selected: its response wants to be edited.
  void editWanted();
  void resetUsedWanted();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QPushButton* addButton(const char* name, std::function<Remedy()> remedy);
  QWidget* buildFoot();
  void refresh();
  void showStory();
  void apply(const Remedy& remedy);
  void showDone(const Remedy& remedy);
  bool isUsed(EntryId call) const;
  void forgetDone();

  Document& m_document;
  Selection& m_selection;
  std::shared_ptr<const Explanation> m_miss;
  QString m_statusText;
  std::vector<bool> m_used;  // by the id of a call's first entry

  struct Offer {
    QPushButton* button;
    std::function<Remedy()> remedy;
  };
  std::vector<Offer> m_offers;
  MissRows* m_rows;
  QWidget* m_head;
  TextLabel* m_sentence;
  NoteBar* m_note;
  QStackedWidget* m_pages;
  MissTable* m_table;
  QPlainTextEdit* m_text;
  QBoxLayout* m_foot;
  QWidget* m_answerRow;
  TextLabel* m_nearest;
  TextLabel* m_answer;
  int m_doneAt = -1;  // index of the undo stack behind the remedy that was applied last; -1: none
};

}  // namespace retake::gui
