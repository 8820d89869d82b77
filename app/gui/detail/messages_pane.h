#pragma once

#include <QWidget>

class QStackedWidget;
class QTableView;

namespace retake::gui {

class Document;
class MessagesModel;
class Selection;
class TextLabel;

// The messages of the selected call, in recorded order. Its current row is the selected entry.
class MessagesPane : public QWidget {
  Q_OBJECT
 public:
  MessagesPane(Document& document, Selection& selection, QWidget* parent = nullptr);

 private:
  void reload();
  void followSelection();

  Document& m_document;
  Selection& m_selection;
  MessagesModel* m_model;
  QStackedWidget* m_pages;
  QTableView* m_table;
  TextLabel* m_empty;
  bool m_following = false;
};

}  // namespace retake::gui
