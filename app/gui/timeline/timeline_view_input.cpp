#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "timeline/lane_columns.h"
#include "timeline/timeline_text.h"
#include "timeline/timeline_view.h"

// What mouse and keys do to the timeline.
namespace retake::gui {
namespace {

constexpr int kEdgeGrab = 4;         // pixels beside the edge of the names that still drag it
constexpr double kWheelNotch = 120;  // Qt's units of one step of a wheel
constexpr double kWheelPixels = 96;  // that one step pans
constexpr double kWheelZoom = 1.25;  // by which one step zooms

}  // namespace

bool TimelineView::isOnLabelEdge(const QPointF& at) const {
  return emptyText().isEmpty() && std::abs(at.x() - m_labelWidth) <= kEdgeGrab;
}

std::optional<CallHit> TimelineView::hitAt(const QPointF& at) const {
  const Lanes* lanes = m_model.lanes();
  if (!lanes || at.x() < m_labelWidth || at.y() < m_style.axisHeight) return std::nullopt;
  const int y = static_cast<int>(at.y()) - m_style.axisHeight + verticalScrollBar()->value();
  const auto row = m_layout.rowAt(y);
  if (!row) return std::nullopt;
  const LaneRow& its = m_layout.rows()[*row];
  const double x = plotX(at);
  if (!its.isService) {
    const Lane& lane = lanes->lanes()[its.index];
    std::optional<std::uint8_t> subRow;
    if (drawsSpans(*lanes, lane, m_geometry)) subRow = m_layout.subRowAt(lane, y - its.top);
    return hitCall(*lanes, lane, m_geometry, x, subRow);
  }
  if (!its.collapsed) return std::nullopt;
  for (const std::uint32_t lane : lanes->services()[its.index].lanes)
    if (const auto hit = hitCall(*lanes, lanes->lanes()[lane], m_geometry, x, std::nullopt)) return hit;
  return std::nullopt;
}

void TimelineView::setHover(std::optional<QPointF> at) {
  if (!at && !m_hover) return;
  const auto hit = at ? hitAt(*at) : std::nullopt;
  // Two hairlines, two numbers on the axis and two calls: the strips they lie in.
  const auto touch = [this](const std::optional<QPointF>& where, const std::optional<CallHit>& what) {
    if (!where) return;
    viewport()->update(QRect(static_cast<int>(where->x()) - 1, 0, 3, viewport()->height()));
    viewport()->update(QRect(static_cast<int>(where->x()) - 120, 0, 240, m_style.axisHeight));
    if (what) viewport()->update(callRect(what->call).toAlignedRect().adjusted(-2, -2, 2, 2));
  };
  touch(m_hover, m_hoverHit);
  m_hover = at;
  m_hoverHit = hit;
  touch(m_hover, m_hoverHit);
}

void TimelineView::select(const CallHit& hit) {
  if (hit.entry)
    m_selection.selectEntry(m_model.lanes()->recording().info(*hit.entry).id);
  else
    m_selection.selectCall(hit.call);
}

void TimelineView::click(const QPointF& at) {
  const Lanes* lanes = m_model.lanes();
  if (!lanes) return;
  if (at.y() < m_style.axisHeight) {
    const AxisSwitch corner = axisSwitch(frame());
    if (corner.order.contains(at.toPoint())) emit axisWanted(false);
    if (corner.time.contains(at.toPoint()) && m_model.times()) emit axisWanted(true);
    return;
  }
  if (const auto hit = hitAt(at)) {
    select(*hit);
    return;
  }
  const auto row =
      m_layout.rowAt(static_cast<int>(at.y()) - m_style.axisHeight + verticalScrollBar()->value());
  if (!row) return;
  const LaneRow its = m_layout.rows()[*row];
  if (its.isService && (at.x() < m_labelWidth || !its.collapsed))
    setCollapsed(its.index, !its.collapsed);
  else if (!its.isService && at.x() < m_labelWidth)
    if (const auto call = nearestCall(
            *lanes, lanes->lanes()[its.index],
            m_geometry.isTime() ? m_geometry.entryFrom(m_geometry.positionAt(m_geometry.width() / 2))
                                : m_geometry.positionAt(m_geometry.width() / 2)))
      m_selection.selectCall(*call);
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return;
  const QPointF at = event->position();
  m_drag = {.what = Drag::What::Click, .from = at, .last = at};
  if (event->button() == Qt::MiddleButton) m_drag.what = Drag::What::Pan;
  if (event->button() == Qt::LeftButton && isOnLabelEdge(at)) m_drag.what = Drag::What::Labels;
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = event->position();
  if (m_drag.what == Drag::What::Click && m_drag.from.x() >= m_labelWidth &&
      (at - m_drag.from).manhattanLength() >= QApplication::startDragDistance())
    m_drag.what = Drag::What::Pan;
  switch (m_drag.what) {
    case Drag::What::Pan:
      viewport()->setCursor(Qt::ClosedHandCursor);
      m_hover = at;
      m_geometry.pan(m_drag.last.x() - at.x());
      verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                    static_cast<int>(std::lround(m_drag.last.y() - at.y())));
      m_drag.last = at;
      viewMoved();
      return;
    case Drag::What::Labels:
      chooseLabelWidth(static_cast<int>(at.x()));
      return;
    case Drag::What::Nothing:
    case Drag::What::Click:
      break;
  }
  viewport()->setCursor(isOnLabelEdge(at) ? Qt::SplitHCursor : Qt::ArrowCursor);
  setHover(at);
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event) {
  const bool clicked = m_drag.what == Drag::What::Click && event->button() == Qt::LeftButton;
  m_drag.what = Drag::What::Nothing;
  viewport()->setCursor(isOnLabelEdge(event->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
  if (clicked) click(event->position());
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  if (isOnLabelEdge(event->position())) {
    chooseLabelWidth(std::nullopt);
  } else if (const auto hit = hitAt(event->position())) {
    select(*hit);
    zoomToSelection();
  }
}

void TimelineView::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (!emptyText().isEmpty()) return;
  const bool fine = !event->pixelDelta().isNull();
  const QPointF delta =
      fine ? QPointF(event->pixelDelta()) : QPointF(event->angleDelta()) / kWheelNotch * kWheelPixels;
  if (event->modifiers() & Qt::ControlModifier) {
    const double x = std::max(0.0, plotX(event->position()));
    m_geometry.zoom(std::pow(kWheelZoom, (delta.y() != 0 ? delta.y() : delta.x()) / kWheelPixels), x);
    m_hover = event->position();
    viewMoved();
    return;
  }
  // Lanes that do not all fit scroll; else, and with Shift, the wheel goes along the recording.
  const bool scrolls = verticalScrollBar()->maximum() > 0 && !(event->modifiers() & Qt::ShiftModifier);
  if (scrolls && std::abs(delta.y()) >= std::abs(delta.x())) {
    verticalScrollBar()->setValue(verticalScrollBar()->value() -
                                  static_cast<int>(std::lround(delta.y() / 2)));
    return;
  }
  m_geometry.pan(-(std::abs(delta.x()) > std::abs(delta.y()) ? delta.x() : delta.y()));
  viewMoved();
}

bool TimelineView::viewportEvent(QEvent* event) {
  switch (event->type()) {
    case QEvent::Leave:
      setHover({});
      break;
    case QEvent::NativeGesture: {
      auto* gesture = static_cast<QNativeGestureEvent*>(event);
      if (gesture->gestureType() != Qt::ZoomNativeGesture) break;
      m_geometry.zoom(1 + gesture->value(), std::max(0.0, plotX(gesture->position())));
      viewMoved();
      return true;
    }
    case QEvent::ToolTip: {
      auto* help = static_cast<QHelpEvent*>(event);
      QString text;
      const int y = help->pos().y() - m_style.axisHeight + verticalScrollBar()->value();
      if (const auto hit = hitAt(help->pos())) {
        text = callToolTip(*m_model.lanes(), *hit, m_model.times().get());
      } else if (emptyText().isEmpty() && help->pos().y() < m_style.axisHeight) {
        text = axisToolTip(m_model.times().get(), m_model.isByTime());
      } else if (const auto row = m_layout.rowAt(y);
                 row && help->pos().x() < m_labelWidth && emptyText().isEmpty()) {
        const LaneRow& its = m_layout.rows()[*row];
        text = QString::fromStdString(its.isService ? m_model.lanes()->services()[its.index].name
                                                    : m_model.lanes()->lanes()[its.index].method);
      }
      if (text.isEmpty())
        QToolTip::hideText();
      else
        QToolTip::showText(help->globalPos(), text, viewport());
      return true;
    }
    default:
      break;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::focusInEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusInEvent(event);
  viewport()->update();
}

void TimelineView::focusOutEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusOutEvent(event);
  viewport()->update();
}

void TimelineView::keyPressEvent(QKeyEvent* event) {
  const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
  switch (plain ? event->key() : 0) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      selectNeighbour(event->key() == Qt::Key_Right);
      return;
    case Qt::Key_Up:
    case Qt::Key_Down:
      selectOtherLane(event->key() == Qt::Key_Down);
      return;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
      verticalScrollBar()->triggerAction(event->key() == Qt::Key_PageUp ? QScrollBar::SliderPageStepSub
                                                                        : QScrollBar::SliderPageStepAdd);
      return;
    default:
      event->ignore();
  }
}

void TimelineView::selectNeighbour(bool forward) {
  const Lanes* lanes = m_model.lanes();
  if (!lanes || lanes->lanes().empty()) return;
  const auto place = m_selected ? lanes->find(*m_selected) : std::nullopt;
  if (!place) {
    selectOtherLane(true);
    return;
  }
  const Lane& lane = lanes->lanes()[place->lane];
  for (std::uint32_t i = place->index; forward ? ++i < lane.calls.size() : i-- > 0;) {
    if (lane.marks[i] & call_mark::kHidden) continue;
    m_selection.selectCall(lane.calls[i]);
    return;
  }
}

void TimelineView::selectOtherLane(bool down) {
  const Lanes* lanes = m_model.lanes();
  if (!lanes || lanes->lanes().empty()) return;
  std::vector<std::uint32_t> order;  // as they lie below each other
  for (const LaneService& service : lanes->services())
    order.insert(order.end(), service.lanes.begin(), service.lanes.end());
  const auto place = m_selected ? lanes->find(*m_selected) : std::nullopt;
  const double position =
      place ? lanes->calls()[*m_selected].first : m_geometry.entryFrom(std::max(0.0, m_geometry.begin()));
  if (!down) std::reverse(order.begin(), order.end());
  auto lane = place ? std::find(order.begin(), order.end(), place->lane) + 1 : order.begin();
  for (; lane < order.end(); ++lane) {
    if (const auto call = nearestCall(*lanes, lanes->lanes()[*lane], position)) {
      m_selection.selectCall(*call);
      return;
    }
  }
}

void TimelineView::selectMarked(std::uint8_t mark, bool forward) {
  if (!m_model.lanes()) return;
  if (const auto call = m_model.lanes()->nextMarked(mark, m_selected, forward)) m_selection.selectCall(*call);
}

void TimelineView::toggleServiceOfSelection() {
  const Lanes* lanes = m_model.lanes();
  if (!lanes || lanes->services().empty()) return;
  const auto place = m_selected ? lanes->find(*m_selected) : std::nullopt;
  const std::uint32_t service = place ? lanes->lanes()[place->lane].service : 0;
  setCollapsed(service, !m_collapsed[service]);
}

}  // namespace retake::gui
