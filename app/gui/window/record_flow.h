#pragma once

#include <QObject>
#include <functional>

#include "server/server_controller.h"

class QAction;
class QWidget;

namespace retake::gui {

class CloseGuard;
class FollowFlow;
class MessageBar;

// Recording as a person meets it: the command that begins and ends it, the file that opens and is followed
// meanwhile, the bar that says what became of it, and the question before the window goes away from it.
class RecordFlow : public QObject {
  Q_OBJECT
 public:
  RecordFlow(Document& document, ServerController& server, FollowFlow& following, CloseGuard& guard,
             MessageBar& bar, QAction& action, QWidget* window);

  void toggle();

 signals:
  void openWanted(const QString& path);

 private:
  void choose();
  void showState();
  void askToStop(std::function<void()> goOn);
  void begin(const QString& path);
  void openWhenFree();
  void end(const EndedRecording& ended);
  void goOnWhenRead();

  Document& m_document;
  ServerController& m_server;
  FollowFlow& m_following;
  CloseGuard& m_guard;
  MessageBar& m_bar;
  QAction& m_action;
  QWidget* m_window;
  QString m_toOpen;              // when the document is not busy
  std::function<void()> m_goOn;  // when it has ended, and all of it is shown
};

}  // namespace retake::gui
