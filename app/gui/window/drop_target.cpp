#include "window/drop_target.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTimer>
#include <QUrl>
#include <QWidget>

namespace retake::gui {
namespace {

QStringList localFiles(const QMimeData* data) {
  QStringList paths;
  for (const QUrl& url : data->urls())
    if (url.isLocalFile()) paths << url.toLocalFile();
  return paths;
}

}  // namespace

DropTarget::DropTarget(QWidget* window) : QObject(window), m_window(window) {
  window->setAcceptDrops(true);
  qApp->installEventFilter(this);
}

bool DropTarget::eventFilter(QObject* watched, QEvent* event) {
  switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove:
    case QEvent::Drop: {
      const auto* widget = qobject_cast<QWidget*>(watched);
      if (!widget || widget->window() != m_window) return false;
      auto* drop = static_cast<QDropEvent*>(event);
      const QStringList paths = localFiles(drop->mimeData());
      if (paths.isEmpty()) return false;
      drop->setDropAction(Qt::CopyAction);
      drop->accept();
      emit hovered(event->type() != QEvent::Drop);
      // Later: whoever dragged is held up until this event is done.
      if (event->type() == QEvent::Drop) QTimer::singleShot(0, this, [this, paths] { emit dropped(paths); });
      return true;
    }
    case QEvent::DragLeave:
      emit hovered(false);
      return false;
    default:
      return false;
  }
}

}  // namespace retake::gui
