#include "window/focus.h"

#include <QWidget>

namespace retake::gui {

void focusInside(QWidget& pane) {
  if (pane.focusProxy() || pane.focusPolicy() & Qt::TabFocus) {
    pane.setFocus(Qt::ShortcutFocusReason);
    return;
  }
  for (QWidget* next = pane.nextInFocusChain(); next != &pane; next = next->nextInFocusChain()) {
    if (!pane.isAncestorOf(next) || !next->isVisibleTo(&pane) || !next->isEnabled()) continue;
    if (!(next->focusPolicy() & Qt::TabFocus)) continue;
    next->setFocus(Qt::ShortcutFocusReason);
    return;
  }
}

}  // namespace retake::gui
