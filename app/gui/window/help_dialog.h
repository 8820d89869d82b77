#pragma once

#include <QDialog>

class QMenuBar;

namespace retake::gui {

// The keys of every command, by menu, and the words that the window uses.
class HelpDialog : public QDialog {
  Q_OBJECT
 public:
  HelpDialog(const QMenuBar& menus, QWidget* parent);
};

}  // namespace retake::gui
