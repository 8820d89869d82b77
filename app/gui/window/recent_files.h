#pragma once

#include <QObject>
#include <QStringList>

namespace retake::gui {

// The files opened last, newest first, remembered between runs.
class RecentFiles : public QObject {
  Q_OBJECT
 public:
  explicit RecentFiles(QObject* parent = nullptr);

  const QStringList& paths() const { return m_paths; }
  void add(const QString& path);
  void remove(const QString& path);
  void clear();

 signals:
  void changed();

 private:
  void store();
  QStringList m_paths;
};

}  // namespace retake::gui
