#include "document/file_follower.h"

#include <QFile>
#include <algorithm>

#include "document/document_files.h"

namespace retake::gui {
namespace {

constexpr int kLookEvery = 250;
// Showing what came may take this share of the time, so that the window stays free for its user.
constexpr int kShare = 5;

// Null recordings: nothing is new.
Result<GrownFile> readGrown(RecordingFollower& follower, GrownFile grown,
                            const std::shared_ptr<const Recording>& opened, const std::string& path,
                            const Task& task) {
  // Before it is read: what is written meanwhile makes it another one.
  if (const auto stamp = fileStamp(path)) grown.stamp = *stamp;
  auto read = follower.poll(*opened, grown.idsFrom, task);
  if (!read) return read.error();
  if (!*read) return grown;
  grown.opened = *std::move(read);
  grown.openedCalls = grouped(*grown.opened);
  const bool isEdited = grown.from != opened;
  grown.shown =
      isEdited ? std::make_shared<const Recording>(grown.from->withAppended(*grown.opened)) : grown.opened;
  grown.calls = isEdited ? grouped(*grown.shown) : grown.openedCalls;
  return grown;
}

}  // namespace

FileFollower::FileFollower(Document& document, QObject* parent) : QObject(parent), m_document(document) {
  m_due.setSingleShot(true);
  connect(&m_due, &QTimer::timeout, this, &FileFollower::look);
  // Sooner than the timer would: a call that ends is seen at once.
  connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] {
    if (isFollowing() ? !m_job.isRunning() : !m_due.isActive()) lookAgain(0);
  });
  connect(&document, &Document::fileChanged, this, &FileFollower::fileChanged);
}

// Another file, none, or this one under another name.
void FileFollower::fileChanged() {
  const std::string path = QFile::encodeName(m_document.path()).toStdString();
  if (isFollowing() && path == m_path && m_document.isAsOpened()) return;
  leave();
  m_path = path;
  m_toldGrowing = false;
  if (!m_watcher.files().isEmpty()) m_watcher.removePaths(m_watcher.files());
  if (m_document.isAsOpened()) m_watcher.addPath(m_document.path());
  // It may have grown while it was read.
  if (m_document.isAsOpened()) lookAgain(kLookEvery);
}

void FileFollower::start() {
  if (isFollowing() || !m_document.isAsOpened()) return;
  auto follower = RecordingFollower::start(
      m_path, {m_document.opened().recording, m_document.format(), m_document.stamp()});
  if (!follower) {
    emit ended(QString::fromStdString(follower.error().message));
    return;
  }
  m_follower = std::make_shared<RecordingFollower>(*std::move(follower));
  m_newCalls = 0;
  m_toldGrowing = true;  // who stops knows that it grows
  m_document.setFollowed(true);
  emit followingChanged();
  lookAgain(0);
}

void FileFollower::leave() {
  if (!isFollowing()) return;
  m_job.cancel();
  m_due.stop();
  m_follower.reset();
  m_finishing = false;
  m_document.setFollowed(false);
  emit followingChanged();
}

void FileFollower::stop() {
  const auto follower = m_follower;
  leave();
  if (!follower || m_job.isRunning()) return;  // what is being read would come later: it is left out
  const auto& opened = m_document.opened().recording;
  const auto ended = follower->end(*opened);
  if (!ended || !*ended) return;
  GrownFile grown{.from = m_document.snapshot().recording,
                  .idsFrom = m_document.nextId(),
                  .opened = *ended,
                  .openedCalls = m_document.opened().calls,
                  .shown = *ended,
                  .calls = m_document.snapshot().calls,
                  .stamp = m_document.stamp()};
  if (grown.from != opened)
    grown.shown = std::make_shared<const Recording>(grown.from->withAppended(*grown.opened));
  (void)m_document.append(grown);
}

void FileFollower::finish() {
  if (!isFollowing()) return;
  // What is being read may have begun before the last of it was written.
  m_finishing = true;
  if (!m_job.isRunning()) lookAgain(0);
}

void FileFollower::lookAgain(int ms) {
  if (ms == 0 && m_sinceLook.isValid())
    ms = std::clamp(kLookEvery / 5 - static_cast<int>(m_sinceLook.elapsed()), 0, kLookEvery);
  m_due.start(ms);
}

void FileFollower::look() {
  if (!isFollowing()) {
    const auto now = fileStamp(m_path);
    const FileStamp& then = m_document.stamp();
    if (m_toldGrowing || !m_document.isAsOpened() || !now || now->inode != then.inode ||
        now->device != then.device || now->size <= then.size)
      return;
    m_toldGrowing = true;
    emit growing();
    return;
  }
  if (m_job.isRunning() || m_document.isBusy()) {
    lookAgain(kLookEvery);
    return;
  }
  m_sinceLook.start();
  m_looksLast = m_finishing;
  GrownFile grown{.from = m_document.snapshot().recording, .idsFrom = m_document.nextId()};
  const auto work = [follower = m_follower, opened = m_document.opened().recording, path = m_path,
                     grown](const Task& task) { return readGrown(*follower, grown, opened, path, task); };
  m_job.start(tr("Following"), work, [follower = m_follower, this](const Result<GrownFile>& read) {
    if (follower == m_follower) take(read);
  });
}

void FileFollower::take(const Result<GrownFile>& grown) {
  if (!grown) {
    const QString why = QString::fromStdString(grown.error().message);
    leave();
    emit ended(why);
    return;
  }
  if (!grown->opened) {
    if (m_document.snapshot().recording == grown->from) m_document.setStamp(grown->stamp);
    if (m_looksLast) return stop();
    lookAgain(m_finishing ? 0 : kLookEvery);
    return;
  }
  const std::uint32_t before = m_document.snapshot().calls->size();
  QElapsedTimer showing;
  showing.start();
  if (!m_document.append(*grown)) {
    lookAgain(0);
    return;
  }
  m_newCalls += m_document.snapshot().calls->size() - before;
  emit followingChanged();
  const int pause = static_cast<int>(showing.elapsed()) * kShare;
  lookAgain(m_finishing ? 0 : std::max(pause, m_follower && m_follower->isBehind() ? 0 : kLookEvery));
}

}  // namespace retake::gui
