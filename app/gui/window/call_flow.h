#pragma once

#include <QObject>

namespace retake::gui {

class Actions;
class CallRows;
class Document;
class Selection;

// Duplicating and deleting the selected call; each is an undo step.
class CallFlow : public QObject {
  Q_OBJECT
 public:
  CallFlow(Document& document, Selection& selection, CallRows& rows, Actions& actions,
           QObject* parent = nullptr);

 signals:
  void said(const QString& text);
  void failed(const QString& sentence);

 private:
  void duplicate();
  void remove();
  void updateActions();

  Document& m_document;
  Selection& m_selection;
  CallRows& m_rows;
  Actions& m_actions;
};

}  // namespace retake::gui
