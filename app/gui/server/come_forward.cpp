#include "server/come_forward.h"

#include <QDockWidget>

namespace retake::gui {

bool comeForward(QWidget& pane) {
  // A dock behind another one is visible to Qt, and lies outside of its window.
  if (!pane.visibleRegion().isEmpty()) return false;
  for (QWidget* widget = pane.parentWidget(); widget; widget = widget->parentWidget()) {
    if (auto* dock = qobject_cast<QDockWidget*>(widget)) {
      dock->show();
      dock->raise();
      return true;
    }
  }
  return false;
}

}  // namespace retake::gui
