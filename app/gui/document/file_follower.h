#pragma once

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <memory>

#include "document/document.h"
#include "document/job.h"
#include "format/recording_follower.h"

namespace retake::gui {

// Shows in the document what another program appends to its file. Reads and groups away from the GUI thread;
// asks about four times a second, and less often where showing what came takes longer than that.
class FileFollower : public QObject {
  Q_OBJECT
 public:
  explicit FileFollower(Document& document, QObject* parent = nullptr);

  bool isFollowing() const { return m_follower != nullptr; }
  // The document's file must be as it was opened, but for what was appended since: Document::isAsOpened().
  // Where it cannot be followed, ended() says why.
  void start();
  // What is half there becomes the recording's tail, as it does where a file is opened.
  void stop();
  // Stops when all is shown that the file has by now: nobody writes to it any more.
  void finish();
  // Calls that began since it is followed.
  std::uint32_t newCalls() const { return m_newCalls; }

 signals:
  void followingChanged();  // began, ended, or newCalls() are others
  // It cannot go on: the file was replaced, got shorter, ...
  void ended(const QString& sentence);
  // The file that is open has more by now, and is not followed.
  void growing();

 private:
  void look();
  void lookAgain(int ms);
  void take(const Result<GrownFile>& grown);
  void fileChanged();
  void leave();

  Document& m_document;
  QFileSystemWatcher m_watcher;
  QTimer m_due;
  QElapsedTimer m_sinceLook;
  std::shared_ptr<RecordingFollower> m_follower;  // null: not following
  std::string m_path;
  std::uint32_t m_newCalls = 0;
  bool m_toldGrowing = false;
  bool m_finishing = false;
  bool m_looksLast = false;  // began when nobody wrote to it any more
  Job m_job;
};

}  // namespace retake::gui
