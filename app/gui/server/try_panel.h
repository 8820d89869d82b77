#pragma once

#include <QWidget>
#include <memory>

#include "detail/latest.h"
#include "document/job.h"
#include "server/try_run.h"

class QAction;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace retake::gui {

class AnswerCompare;
class CheckPane;
class Document;
class Drafts;
class RequestEditor;
class Selection;
class TextLabel;
struct TryAnswer;
struct TryCase;

// Tries: the selected call's request, changed at will, sent to a stand-in of its own, and the answer
// beside the recorded one. Its actions (trySend, tryReset, checkAll) are its actions(), for the menu.
class TryPanel : public QWidget {
  Q_OBJECT
 public:
  TryPanel(Document& document, Selection& selection, Drafts& drafts, QWidget* parent = nullptr);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void buildActions();
  void prepare();
  void showPrepared(const std::shared_ptr<const TryCase>& prepared);
  void send();
  bool isTrying() const;  // the call that is shown
  void showAnswer(const TryAnswer& answer);
  void showChecked(const CheckedCall& checked);
  void showState();
  QString resultWords(const TryOutcome& outcome, bool edited) const;
  std::size_t draftsOfCall() const;

  Document& m_document;
  Selection& m_selection;
  Drafts& m_drafts;

  QAction* m_send;
  QAction* m_reset;
  TextLabel* m_title;
  TextLabel* m_result;
  TextLabel* m_notes;
  QWidget* m_notesRow;
  QPushButton* m_sendButton;
  RequestEditor* m_request;
  AnswerCompare* m_compare;
  CheckPane* m_check;
  QStackedWidget* m_pages;
  TextLabel* m_hint;

  bool m_sendWhenReady = false;  // Send was pressed before the call was prepared, or the last try had ended
  bool m_stale = true;           // what is shown is not the selected call of the newest snapshot
  std::shared_ptr<const TryCase> m_prepared;
  Latest<std::shared_ptr<const TryCase>> m_preparing;
  std::shared_ptr<const TryCase> m_trying;       // what m_try plays
  std::shared_ptr<const CheckedCall> m_checked;  // to be shown when its call is prepared
  Job m_try;
};

}  // namespace retake::gui
