#pragma once

#include <QDialog>

class QAction;
class QLineEdit;
class QListWidget;
class QMenuBar;

namespace retake::gui {

// Every command of the menus, found by its words. Return runs the chosen one.
class CommandPalette : public QDialog {
  Q_OBJECT
 public:
  CommandPalette(const QMenuBar& menus, QWidget* parent);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Command {
    QString text;  // "Go: Next error"
    QAction* action;
  };
  void collect(const QList<QAction*>& actions, const QString& path);
  void showMatches(const QString& words);
  void run();

  QList<Command> m_commands;
  QLineEdit* m_edit;
  QListWidget* m_list;
};

}  // namespace retake::gui
