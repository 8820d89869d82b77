#pragma once

#include <QObject>
#include <QStringList>

class QMimeData;
class QWidget;

namespace retake::gui {

// Takes files that are dropped anywhere on the window, also where a child would take them as text.
class DropTarget : public QObject {
  Q_OBJECT
 public:
  explicit DropTarget(QWidget* window);

 signals:
  void hovered(bool over);
  void dropped(const QStringList& paths);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* m_window;
};

}  // namespace retake::gui
