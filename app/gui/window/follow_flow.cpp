#include "window/follow_flow.h"

#include <QAction>
#include <QFileInfo>
#include <utility>

#include "window/file_flow.h"
#include "window/message_bar.h"

namespace retake::gui {

FollowFlow::FollowFlow(Document& document, FileFlow& files, MessageBar& bar, QAction& action, QWidget* window)
    : QObject(window),
      m_document(document),
      m_files(files),
      m_bar(bar),
      m_action(action),
      m_follower(document) {
  connect(&action, &QAction::triggered, this, &FollowFlow::toggle);
  connect(&document, &Document::fileChanged, this, &FollowFlow::showState);
  connect(&document, &Document::fileOpened, this, [this] {
    if (m_document.path() == std::exchange(m_wanted, QString())) m_follower.start();
  });
  connect(&document, &Document::failed, this, [this] {
    if (!m_document.isBusy()) m_wanted.clear();
  });
  connect(&m_follower, &FileFollower::followingChanged, this, &FollowFlow::showState);
  connect(&m_follower, &FileFollower::growing, this, &FollowFlow::offer);
  connect(&m_follower, &FileFollower::ended, this, [this](const QString& why) {
    m_bar.show(
        MessageBar::Kind::Error,
        tr("%1 is not followed any more. What was read of it stays open.").arg(m_document.displayName()) +
            u'\n' + why);
  });
  showState();
}

void FollowFlow::showState() {
  m_action.setEnabled(m_document.isOpen() && !m_document.path().isEmpty());
  m_action.setChecked(isFollowing());
  if (isFollowing() && !m_offer.isEmpty() && m_bar.message() == m_offer) m_bar.dismiss();
  emit changed();
}

void FollowFlow::toggle(bool on) {
  if (on)
    followFile(m_document.path());
  else
    m_follower.stop();
  m_action.setChecked(isFollowing());
}

void FollowFlow::followFile(const QString& path) {
  const QString whole = QFileInfo(path).absoluteFilePath();
  if (m_document.isAsOpened() && m_document.path() == whole) {
    m_follower.start();
    return;
  }
  m_wanted = whole;
  m_files.open(path);
}

void FollowFlow::followNew(const QString& path) {
  m_follower.stop();  // the file of that name may be another one
  m_wanted = QFileInfo(path).absoluteFilePath();
  m_files.openAsked(path);
}

void FollowFlow::offer() {
  m_offer = tr("%1 is being written: more was recorded since it was opened.").arg(m_document.displayName());
  m_bar.show(MessageBar::Kind::Information, m_offer,
             {{tr("Follow"), [this] { followFile(m_document.path()); }}});
}

}  // namespace retake::gui
