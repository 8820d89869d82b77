#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace retake::gui {

class ServerController;

// Where the stand-in listens, with a button to copy it; takes no room while it does not.
class AddressLabel : public QWidget {
  Q_OBJECT
 public:
  explicit AddressLabel(ServerController& server, QWidget* parent = nullptr);

 private:
  void showState();

  ServerController& m_server;
  QLabel* m_text;
  QToolButton* m_copy;
};

}  // namespace retake::gui
