#pragma once

#include <QWidget>

#include "scrub/rule_file_flow.h"
#include "scrub/scrub_actions.h"
#include "scrub/scrub_controller.h"
#include "scrub/scrub_tasks.h"

class QProgressBar;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace retake::gui {

class Document;
class NoteBar;
class RuleEditor;
class RulesPane;
class SecretsView;
class SegmentedSwitch;
class Selection;
class TextLabel;
class ValuesView;

// Scrubbing, from the first look for secrets to the copy that has none: rules in their order, what each does,
// what was found, what is left.
class ScrubPanel : public QWidget {
  Q_OBJECT
 public:
  ScrubPanel(ScrubController& controller, Document& document, Selection& selection,
             QWidget* parent = nullptr);

  // A rule in the editor, not in the workspace yet: what "Scrub this value…" begins with.
  void beginRule(const ScrubRule& rule);
  ScrubTasks& tasks() { return m_tasks; }
  // What was typed counts, if it can.
  void finishEditing();

 signals:
  // Something is done: a sentence for the status line.
  void said(const QString& text);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum Page { RulePage, FindsPage, LeftPage };
  QWidget* buildBar();
  QWidget* buildEmpty();
  QWidget* buildBody();
  void connectActions();
  void fillLibrary();
  void showPage(Page page);
  void showRule(int rule);
  void showState();
  void showCounts();
  void showJob();
  void showNotes();
  void fail(const QString& sentence);
  void exportCopy();

  ScrubController& m_controller;
  Document& m_document;
  Selection& m_selection;
  ScrubTasks m_tasks;
  ScrubActions m_actions;
  RuleFileFlow m_files;
  QString m_failure;

  TextLabel* m_sentence;
  QWidget* m_jobPart;
  TextLabel* m_jobText;
  QProgressBar* m_progress;
  QToolButton* m_cancel;
  NoteBar* m_notes;
  QStackedWidget* m_pages;
  TextLabel* m_empty;
  QPushButton* m_first;
  QSplitter* m_body;
  QSplitter* m_rule;
  SegmentedSwitch* m_switch;
  QStackedWidget* m_side;
  RulesPane* m_rules;
  RuleEditor* m_editor;
  ValuesView* m_values;
  SecretsView* m_finds;
  SecretsView* m_left;
};

}  // namespace retake::gui
