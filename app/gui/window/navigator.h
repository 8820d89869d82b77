#pragma once

#include <QObject>

namespace retake::gui {

class Actions;
class CallRows;
class Document;
class FilterBar;
class Selection;

// Going from call to call, in the shown order: next, next error, next change, back, by number.
class Navigator : public QObject {
  Q_OBJECT
 public:
  Navigator(Document& document, Selection& selection, CallRows& rows, Actions& actions, QWidget* window);

  void goToNumber();  // asks for it

 signals:
  void filterInTheWay();  // the call asked for is not shown
  void said(const QString& text);

 private:
  template <typename Wanted>
  void step(int direction, const QString& nothing, Wanted wanted);
  void updateHistory();

  Document& m_document;
  Selection& m_selection;
  CallRows& m_rows;
  Actions& m_actions;
  QWidget* m_window;
};

}  // namespace retake::gui
