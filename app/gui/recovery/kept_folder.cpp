#include "recovery/kept_folder.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

namespace retake::gui {
namespace {

constexpr qint64 kMinute = 60;

QString lockOf(const QString& folder) { return folder + QStringLiteral("/lock"); }

}  // namespace

QString recoveryRoot() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/recovery");
}

QString keptEditsOf(const QString& folder) { return folder + QStringLiteral("/edits.json"); }

KeptFolder::KeptFolder(const QString& path) : m_path(path), m_lock(lockOf(path)) {
  // Who runs keeps it, however long ago it was taken.
  m_lock.setStaleLockTime(0);
}

std::unique_ptr<KeptFolder> KeptFolder::make(const QString& root) {
  const QString path = root + u'/' + QUuid::createUuid().toString(QUuid::WithoutBraces);
  if (!QDir().mkpath(path)) return nullptr;
  // Recordings may hold secrets.
  const auto owner = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
  if (!QFile::setPermissions(root, owner) || !QFile::setPermissions(path, owner)) return nullptr;
  return take(path);
}

std::unique_ptr<KeptFolder> KeptFolder::take(const QString& path) {
  std::unique_ptr<KeptFolder> folder(new KeptFolder(path));
  return QFileInfo(path).isDir() && folder->m_lock.tryLock() ? std::move(folder) : nullptr;
}

void KeptFolder::remove() {
  QDir folder(m_path);
  const QStringList files = folder.entryList(QDir::Files | QDir::Hidden);
  for (const QString& file : files)
    if (folder.filePath(file) != lockOf(m_path)) folder.remove(file);
  m_lock.unlock();  // which removes the last one
  QDir().rmdir(m_path);
}

QStringList abandonedFolders(const QString& root) {
  QStringList folders;
  const auto all = QDir(root).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot);
  for (const QFileInfo& info : all) {
    // Looking at its lock changes it.
    const bool isOld = info.lastModified().secsTo(QDateTime::currentDateTime()) > kMinute;
    const auto folder = KeptFolder::take(info.filePath());
    if (!folder) continue;
    if (QFileInfo::exists(keptEditsOf(info.filePath())))
      folders << info.filePath();
    else if (isOld)
      folder->remove();
  }
  return folders;
}

}  // namespace retake::gui
