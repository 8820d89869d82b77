#pragma once

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTreeView;

namespace retake::gui {

class Document;
class NoteBar;
class ProblemsModel;
class Selection;
class TextLabel;

// What is wrong with the recording, each with its place, and a repair where there is one. A repair is
// one undo step.
class ProblemsPane : public QWidget {
  Q_OBJECT
 public:
  ProblemsPane(Document& document, Selection& selection, QWidget* parent = nullptr);

  void repair(int row);
  // All that have a repair, as one undo step.
  void repairAll();

 signals:
  // Messages were recorded without their types, which a schema gives.
  void typesWanted();

 private:
  void reload();
  void fitRepairs();
  void showCurrent();
  void go(int row);

  Document& m_document;
  Selection& m_selection;
  ProblemsModel* m_model;
  QStackedWidget* m_pages;
  QTreeView* m_list;
  TextLabel* m_empty;
  NoteBar* m_notes;
  QWidget* m_bar;
  TextLabel* m_text;  // all of the current one
  QPushButton* m_giveTypes;
  QPushButton* m_repair;
  QPushButton* m_repairAll;
};

}  // namespace retake::gui
