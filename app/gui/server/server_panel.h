#pragma once

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace retake::gui {

class ConnectHint;
class Document;
class LogPane;
class Selection;
class ServerController;
class TextLabel;

// The stand-in: where it listens, start and stop, how it matches, what it has answered, and the live
// log. Its actions (serverToggle, serverCopyAddress, serverResetUsed, logPause, logClear) are its
// actions(), for the menu.
class ServerPanel : public QWidget {
  Q_OBJECT
 public:
  ServerPanel(ServerController& controller, Document& document, Selection& selection,
              QWidget* parent = nullptr);

 private:
  void buildActions();
  QWidget* buildBar();
  void showState();
  void showCounts();
  void showHint();
  void showFailure(const QString& sentence);
  QString service() const;

  ServerController& m_controller;
  Document& m_document;
  Selection& m_selection;

  QAction* m_toggle;
  QAction* m_copy;
  QAction* m_reset;
  QLineEdit* m_address;
  QPushButton* m_start;
  QComboBox* m_reuse;
  QCheckBox* m_strict;
  TextLabel* m_status;
  TextLabel* m_served;
  TextLabel* m_missed;
  TextLabel* m_unused;
  QStackedWidget* m_pages;
  ConnectHint* m_hint;
  LogPane* m_log;
};

}  // namespace retake::gui
