#pragma once

#include <QWidget>

class QListWidget;
class QVBoxLayout;

namespace retake::gui {

class RecentFiles;

// What the window shows before a recording is open: what to do next.
class StartPage : public QWidget {
  Q_OBJECT
 public:
  explicit StartPage(RecentFiles& recent, QWidget* parent = nullptr);

  void setDropHighlighted(bool highlighted);

 signals:
  void openRequested();
  void sampleRequested();
  void recordRequested();
  void fileRequested(const QString& path);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void showRecent();
  void updateColors();

  RecentFiles& m_recent;
  QWidget* m_column;
  QWidget* m_recentPart;
  QListWidget* m_list;
  QList<QWidget*> m_muted;
  bool m_dropHighlighted = false;
};

}  // namespace retake::gui
