#pragma once

#include <QLockFile>
#include <QString>
#include <QStringList>
#include <memory>

namespace retake::gui {

// Where the folders lie: one for each window that has unsaved edits. Only its user can read it.
QString recoveryRoot();
// The file in one of them that says what is in it.
QString keptEditsOf(const QString& folder);

// Such a folder. While this object is there no other program takes it; one that ended without a word leaves
// it to whoever comes next. On the GUI thread.
class KeptFolder {
 public:
  // Null where there cannot be one, as on a full disk.
  static std::unique_ptr<KeptFolder> make(const QString& root);
  // One that is there; null where another program has it.
  static std::unique_ptr<KeptFolder> take(const QString& path);

  const QString& path() const { return m_path; }
  // With all that is in it.
  void remove();

 private:
  explicit KeptFolder(const QString& path);

  QString m_path;
  QLockFile m_lock;
};

// Those under `root` that no program has. Removes those in which nothing was kept, after a minute.
QStringList abandonedFolders(const QString& root);

}  // namespace retake::gui
