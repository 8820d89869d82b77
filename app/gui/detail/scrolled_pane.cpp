#include "detail/scrolled_pane.h"

#include <QEvent>
#include <QLayout>
#include <QScrollBar>

#include "theme/theme.h"

namespace retake::gui {
namespace {

// A few rows, and a scroll bar that can be grabbed.
constexpr QSize kLeast(50 * theme::kGrid, 20 * theme::kGrid);

QSize leastOf(const QWidget& pane, int width) {
  QSize least = pane.minimumSizeHint().expandedTo(pane.minimumSize());
  if (const QLayout* layout = pane.layout(); layout && layout->hasHeightForWidth())
    least.setHeight(
        std::max(least.height(), layout->totalMinimumHeightForWidth(std::max(width, least.width()))));
  return least;
}

}  // namespace

ScrolledPane::ScrolledPane(QWidget* pane, QWidget* parent) : QScrollArea(parent) {
  setFrameShape(NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setWidget(pane);
  // A scroll area that resizes its widget gives it the height that it would like, which scrolls too soon.
  setWidgetResizable(false);
  viewport()->setBackgroundRole(pane->backgroundRole());
}

QSize ScrolledPane::sizeHint() const { return widget()->sizeHint().expandedTo(kLeast); }

QSize ScrolledPane::minimumSizeHint() const { return kLeast; }

void ScrolledPane::resizeEvent(QResizeEvent* event) {
  fit();
  QScrollArea::resizeEvent(event);
}

bool ScrolledPane::eventFilter(QObject* watched, QEvent* event) {
  const bool filtered = QScrollArea::eventFilter(watched, event);
  if (watched == widget() && event->type() == QEvent::LayoutRequest) fit();
  return filtered;
}

// A bar takes its room from the other direction.
void ScrolledPane::fit() {
  QSize room = maximumViewportSize();
  QSize least = leastOf(*widget(), room.width());
  const QSize all = room;
  if (least.height() > all.height()) {
    room.setWidth(all.width() - verticalScrollBar()->sizeHint().width());
    least = leastOf(*widget(), room.width());
  }
  if (least.width() > room.width()) {
    room.setHeight(all.height() - horizontalScrollBar()->sizeHint().height());
    if (least.height() > room.height()) room.setWidth(all.width() - verticalScrollBar()->sizeHint().width());
  }
  widget()->resize(room.expandedTo(least));
}

}  // namespace retake::gui
