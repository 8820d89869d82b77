#pragma once

#include <QWidget>

class QSplitter;
class QStackedWidget;

namespace retake::gui {

class ConnectHint;
class Document;
class LogPane;
class MissView;
class NoteBar;
class OptionsPane;
class Selection;
class ServerActions;
class ServerBar;
class ServerController;

// The stand-in: where it listens, start and stop, what it has answered, and the live log; beside that why the
// selected call was missed, or the options. Its actions (serverToggle, serverCopyAddress, serverResetUsed,
// serverHold, serverStep, serverNextMiss, serverOptions, logPause, logClear) are its actions(), for the menu.
class ServerPanel : public QWidget {
  Q_OBJECT
 public:
  ServerPanel(ServerController& controller, Document& document, Selection& selection,
              QWidget* parent = nullptr);

  // What stands in a field counts when it is saved or served, also before the field is left.
  void finishEditing();

 signals:
  // "Add as a call" has added one and selected it: its response wants to be edited.
  void editWanted();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void connectActions();
  QWidget* buildBody();
  void showState();
  void showHint();
  void showMiss();
  void showSide();
  void goToNextMiss();
  void toggle();

  ServerController& m_controller;
  Document& m_document;
  Selection& m_selection;

  ServerActions* m_actions;
  NoteBar* m_note;
  QSplitter* m_body;
  QStackedWidget* m_pages;
  QStackedWidget* m_side;
  ConnectHint* m_hint;
  LogPane* m_log;
  ServerBar* m_bar;
  MissView* m_miss;
  OptionsPane* m_optionsPane;
};

}  // namespace retake::gui
