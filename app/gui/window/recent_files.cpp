#include "window/recent_files.h"

#include <QSettings>

namespace retake::gui {
namespace {

constexpr int kKept = 10;
const auto kRecentFilesKey = QStringLiteral("recentFiles");

}  // namespace

RecentFiles::RecentFiles(QObject* parent)
    : QObject(parent), m_paths(QSettings().value(kRecentFilesKey).toStringList().mid(0, kKept)) {}

void RecentFiles::add(const QString& path) {
  m_paths.removeAll(path);
  m_paths.prepend(path);
  m_paths = m_paths.mid(0, kKept);
  store();
}

void RecentFiles::remove(const QString& path) {
  if (m_paths.removeAll(path) > 0) store();
}

void RecentFiles::clear() {
  m_paths.clear();
  store();
}

void RecentFiles::store() {
  QSettings().setValue(kRecentFilesKey, m_paths);
  emit changed();
}

}  // namespace retake::gui
