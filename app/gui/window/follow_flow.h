#pragma once

#include <QObject>
#include <QString>

#include "document/file_follower.h"

class QAction;
class QWidget;

namespace retake::gui {

class FileFlow;
class MessageBar;

// Following the open file as a person meets it: the command, the offer while a file grows, and the bar that
// says why it ended.
class FollowFlow : public QObject {
  Q_OBJECT
 public:
  FollowFlow(Document& document, FileFlow& files, MessageBar& bar, QAction& action, QWidget* window);

  bool isFollowing() const { return m_follower.isFollowing(); }
  std::uint32_t newCalls() const { return m_follower.newCalls(); }
  // Opens the file and shows what is appended to it; the one that is open already goes on as it is.
  void followFile(const QString& path);
  // Opens it in any case, where the person has been asked about what is open, and follows it.
  void followNew(const QString& path);
  // Shows what the file has by now, and follows it no more.
  void finish() { m_follower.finish(); }

 signals:
  void changed();  // isFollowing() or newCalls()

 private:
  void toggle(bool on);
  void offer();
  void showState();

  Document& m_document;
  FileFlow& m_files;
  MessageBar& m_bar;
  QAction& m_action;
  FileFollower m_follower;
  QString m_wanted;  // is followed when it is open
  QString m_offer;   // what the bar says then
};

}  // namespace retake::gui
