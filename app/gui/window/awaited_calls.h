#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace retake::gui {

class Document;
class ServerController;
class TextLabel;

// What a recording shows as long as it has no call: where a client is to be pointed, to be copied, and that
// its calls appear here.
class AwaitedCalls : public QWidget {
  Q_OBJECT
 public:
  AwaitedCalls(Document& document, ServerController& server, QWidget* parent = nullptr);

  bool isAwaiting() const { return m_isAwaiting; }

 signals:
  void awaitingChanged(bool awaiting);

 private:
  void showState();

  Document& m_document;
  ServerController& m_server;
  TextLabel* m_where;
  QLabel* m_addresses;
  QPushButton* m_copy;
  TextLabel* m_then;
  bool m_isAwaiting = false;
};

}  // namespace retake::gui
