#include "window/first_arrangement.h"

#include <QDockWidget>
#include <QEvent>
#include <QMainWindow>
#include <QSplitter>
#include <algorithm>

#include "theme/theme.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_pane.h"

namespace retake::gui {
namespace {

// A miss and what can be done about it, with the tabs above.
constexpr int kLeastBottom = 50 * theme::kGrid;
constexpr int kLeastTimeline = 46 * theme::kGrid;

}  // namespace

FirstArrangement::FirstArrangement(QMainWindow& window, QDockWidget& bottom, QSplitter& rows,
                                   QSplitter& columns, TimelinePane& timeline)
    : QObject(&window),
      m_window(window),
      m_bottom(bottom),
      m_rows(rows),
      m_columns(columns),
      m_timeline(timeline) {
  window.installEventFilter(this);
  for (const QSplitter* splitter : {&rows, &columns})
    connect(splitter, &QSplitter::splitterMoved, this, &FirstArrangement::end);
  // A recording under way has its lanes one by one.
  connect(&timeline.model(), &TimelineModel::rebuilt, this, &FirstArrangement::arrangeSoon);
}

void FirstArrangement::begin() {
  m_isOn = true;
  arrangeSoon();
}

// When the panes that just came have their places.
void FirstArrangement::arrangeSoon() {
  if (!m_isOn || std::exchange(m_isDue, true)) return;
  QMetaObject::invokeMethod(this, &FirstArrangement::arrange, Qt::QueuedConnection);
}

void FirstArrangement::arrange() {
  m_isDue = false;
  if (!m_isOn) return;
  const int height = m_window.height();
  const int bottom = std::max(height * 2 / 7, kLeastBottom);
  m_window.resizeDocks({&m_bottom}, {bottom}, Qt::Vertical);
  const int rest = height * 9 / 10 - bottom;
  // All lanes, where that leaves the table half of it; in a low window, five lanes.
  const int timeline =
      std::clamp(m_timeline.wantedHeight(), rest * 2 / 5, std::max(rest / 2, kLeastTimeline));
  m_rows.setSizes({timeline, rest - timeline});
  m_columns.setSizes({m_window.width() * 9 / 20, m_window.width() * 11 / 20});
}

bool FirstArrangement::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) arrangeSoon();
  // Between the docks and the centre it is the window itself that is dragged.
  if (event->type() == QEvent::MouseButtonPress) end();
  return QObject::eventFilter(watched, event);
}

}  // namespace retake::gui
