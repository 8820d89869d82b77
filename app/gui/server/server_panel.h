#pragma once

#include <QWidget>

class QAction;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace retake::gui {

class ConnectHint;
class Document;
class LogPane;
class MissView;
class NoteBar;
class OptionsPane;
class Selection;
class ServerController;
class TextLabel;

// The stand-in: where it listens, start and stop, what it has answered, and the live log; beside that why the
// selected call was missed, or the options. Its actions (serverToggle, serverCopyAddress, serverResetUsed,
// serverHold, serverStep, serverNextMiss, serverOptions, logPause, logClear) are its actions(), for the menu.
class ServerPanel : public QWidget {
  Q_OBJECT
 public:
  ServerPanel(ServerController& controller, Document& document, Selection& selection,
              QWidget* parent = nullptr);
  ~ServerPanel() override;

  // What stands in a field counts when it is saved or served, also before the field is left.
  void finishEditing();

 signals:
  // "Add as a call" has added one and selected it: its response wants to be edited.
  void editWanted();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildActions();
  QWidget* buildBar();
  QWidget* buildBody();
  void showState();
  void showAddress();
  void showCounts();
  void showHolding();
  void showPolicy();
  void showRecording();
  void showHint();
  void showFailure(const QString& sentence);
  void showMiss();
  void showSide();
  void goToNextMiss();
  void changeAddress();
  void toggle();

  ServerController& m_controller;
  Document& m_document;
  Selection& m_selection;

  QAction* m_toggle;
  QAction* m_copy;
  QAction* m_reset;
  QAction* m_hold;
  QAction* m_step;
  QAction* m_nextMiss;
  QAction* m_options;
  QLineEdit* m_address;
  TextLabel* m_more;
  QPushButton* m_start;
  TextLabel* m_status;
  TextLabel* m_served;
  TextLabel* m_missed;
  TextLabel* m_forwarded;
  TextLabel* m_unused;
  TextLabel* m_held;
  QComboBox* m_mode;  // of a recording under way
  TextLabel* m_policy;
  NoteBar* m_note;
  QSplitter* m_body;
  QStackedWidget* m_pages;
  QStackedWidget* m_side;
  ConnectHint* m_hint;
  LogPane* m_log;
  MissView* m_miss;
  OptionsPane* m_optionsPane;
};

}  // namespace retake::gui
