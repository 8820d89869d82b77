#include "timeline/minimap.h"

#include <QEvent>
#include <QFontMetrics>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "calls/call_text.h"
#include "theme/theme.h"
#include "timeline/lane_columns.h"

namespace retake::gui {
namespace {

constexpr int kHeight = 44;
constexpr int kTop = 10;  // room for the notches above the rows
constexpr int kBottom = 4;
constexpr double kHandleGrab = 5;  // pixels around the handle's edges
constexpr double kLeastHandle = 10;
constexpr int kErrorNotch = 3;  // least width of an error's notch

}  // namespace

Minimap::Minimap(TimelineModel& model, TimelineView& view, QWidget* parent)
    : QWidget(parent), m_model(model), m_view(view), m_style(TimelineStyle::current()) {
  setObjectName("timelineMinimap");
  setAccessibleName(tr("Overview of the recording"));
  setAccessibleDescription(
      tr("Shows which part of the recording is in view. The keys of the timeline move it."));
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setAttribute(Qt::WA_OpaquePaintEvent);
  const auto repaint = [this] {
    m_dirty = true;
    update();
  };
  connect(&model, &TimelineModel::rebuilt, this, repaint);
  connect(&model, &TimelineModel::lanesChanged, this, repaint);
  connect(&view, &TimelineView::labelWidthChanged, this, repaint);
  connect(&view, &TimelineView::viewChanged, this, [this] { update(); });
}

QSize Minimap::sizeHint() const { return {400, kHeight}; }

// As wide as what the timeline makes of the whole recording.
QRectF Minimap::plot() const {
  const TimelineGeometry& g = m_view.geometry();
  const double edge = TimelineGeometry::kEdge;
  const double width = std::min(g.width() - 2 * edge, g.length() * g.maxScale());
  return {m_view.labelWidth() + edge, 0, width, kHeight - 1.0};
}

double Minimap::xOf(double position) const {
  const double length = m_view.geometry().length();
  return plot().left() + (length == 0 ? 0 : position / length * plot().width());
}

double Minimap::positionAt(double x) const {
  return (x - plot().left()) / std::max(1.0, plot().width()) * m_view.geometry().length();
}

QRectF Minimap::handle() const {
  const TimelineGeometry& g = m_view.geometry();
  const double left = xOf(std::max(0.0, g.begin()));
  const double right = xOf(std::min(g.length(), g.end()));
  const double width = std::max(kLeastHandle, right - left);
  QRectF handle((left + right - width) / 2, 1, width, kHeight - 3);
  handle.moveLeft(std::clamp(handle.left(), plot().left() - kHandleGrab,
                             std::max(plot().left(), plot().right() - width) + kHandleGrab));
  return handle;
}

void Minimap::renderBase() {
  const qreal ratio = devicePixelRatioF();
  const QSize pixels = (QSizeF(size()) * ratio).toSize();
  if (!m_dirty && m_base.size() == pixels) return;
  m_dirty = false;
  m_base = QImage(pixels, QImage::Format_ARGB32_Premultiplied);
  m_base.setDevicePixelRatio(ratio);
  QPainter painter(&m_base);
  painter.fillRect(rect(), m_style.surface);
  const MinimapDensity& d = m_model.density();
  const QRectF area = plot();
  if (d.bins() == 0 || area.width() < 1) return;
  // Columns of a pixel, or of a bin where those are wider.
  const double room = kHeight - kTop - kBottom;
  const double pitch = std::min(10.0, std::floor(room / d.rows()));
  const double top = kTop + std::floor((room - pitch * d.rows()) / 2);
  const auto columns = std::min<std::uint32_t>(d.bins(), static_cast<std::uint32_t>(area.width()));
  const auto edge = [&](std::uint32_t c) { return area.left() + std::round(area.width() * c / columns); };
  const double usual = static_cast<double>(m_model.lanes()->total().errors) / columns;
  for (std::uint32_t c = 0; c < columns; ++c) {
    const auto from = static_cast<std::uint32_t>(std::uint64_t{c} * d.bins() / columns);
    const auto to = std::max(from + 1, static_cast<std::uint32_t>(std::uint64_t{c + 1} * d.bins() / columns));
    const double left = edge(c);
    const double width = edge(c + 1) - left;
    std::uint32_t errors = 0;
    std::uint32_t edited = 0;
    for (std::uint32_t bin = from; bin < to; ++bin) {
      errors += d.errors(bin);
      edited += d.edited(bin);
    }
    for (std::uint32_t row = 0; row < d.rows(); ++row) {
      std::uint32_t most = 0;
      for (std::uint32_t bin = from; bin < to; ++bin) most = std::max(most, d.underWay(row, bin));
      if (most == 0) continue;
      const double share = 0.2 + 0.8 * most / d.most(row);
      // Where there is room, calls in a row are told apart.
      const double gap = width >= 4 && d.begun(row, from) > 0 ? 1 : 0;
      painter.fillRect(QRectF(left + gap, top + row * pitch, width - gap, pitch < 4 ? pitch : pitch - 1),
                       mixed(m_style.density, m_style.surface, share));
    }
    const double notch = std::clamp<double>(width, kErrorNotch, 2 * kErrorNotch);
    if (errors > 0) {
      const double tall = barHeight(errors, halfOfErrors(usual));
      painter.fillRect(QRectF(left + width - notch, 2, notch, 1 + std::round((kTop - 4) * tall)),
                       tall < kUnusual ? m_style.errorUsual : m_style.error);
    }
    if (edited > 0) painter.fillRect(QRectF(left + width - notch, kHeight - 5, notch, 3), m_style.edited);
  }
}

void Minimap::paintSummary(QPainter& painter) const {
  if (!m_model.lanes() || m_model.lanes()->lanes().empty()) return;
  const LaneCounts total = m_model.lanes()->total();
  const QRect box(theme::kGroupGap, 0, m_view.labelWidth() - 2 * theme::kGroupGap, kHeight - 1);
  const QFontMetrics metrics(m_style.font);
  const QString all = countText(total.calls);
  const QString calls = total.hidden > 0
                            ? tr("%1 of %2 calls").arg(countText(total.calls - total.hidden), all)
                        : total.calls == 1 ? tr("1 call")
                                           : tr("%1 calls").arg(all);
  QRect line(box.left(), box.center().y() - metrics.height() + 1, box.width(), metrics.height());
  painter.setFont(m_style.font);
  painter.setPen(m_style.text);
  painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                   metrics.elidedText(calls, Qt::ElideRight, line.width()));
  line.translate(0, metrics.height());
  const auto put = [&](const QString& text, const QColor& color) {
    const int width = metrics.horizontalAdvance(text);
    if (width > line.width()) return;
    painter.setPen(color);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, text);
    line.setLeft(line.left() + width + theme::kGroupGap);
  };
  if (total.errors > 0) put(tr("✗ %1 failed").arg(countText(total.errors)), m_style.error);
  if (total.edited > 0) put(tr("✎ %1 edited").arg(countText(total.edited)), m_style.edited);
  if (total.errors == 0 && total.edited == 0) put(tr("none failed"), m_style.textMuted);
}

void Minimap::paintEvent(QPaintEvent*) {
  renderBase();
  QPainter painter(this);
  painter.drawImage(QPointF(0, 0), m_base);
  painter.fillRect(QRect(0, height() - 1, width(), 1), m_style.hairline);
  paintSummary(painter);
  if (m_model.density().bins() == 0) return;
  painter.fillRect(QRect(m_view.labelWidth() - 1, 0, 1, height()), m_style.hairline);
  if (m_view.geometry().isFitted()) return;  // a handle around everything says nothing
  const QRectF seen = handle();
  QColor veil = m_style.surface;
  veil.setAlpha(110);
  const double from = m_view.labelWidth();
  painter.fillRect(QRectF(from, 0, seen.left() - from, height() - 1), veil);
  painter.fillRect(QRectF(seen.right(), 0, width() - seen.right(), height() - 1), veil);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_style.accent, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(seen.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  if (seen.width() < 4 * kHandleGrab) return;
  // Grips, where it can be made wider or narrower.
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_style.accent);
  for (const double x : {seen.left(), seen.right() - 3})
    painter.drawRoundedRect(QRectF(x, seen.center().y() - 7, 3, 14), 1.5, 1.5);
}

void Minimap::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange &&
      event->type() != QEvent::StyleChange)
    return;
  m_style = TimelineStyle::current();
  m_dirty = true;
  update();
}

Minimap::Grab Minimap::grabAt(const QPointF& at) const {
  if (m_view.geometry().isFitted()) return Grab::Nothing;
  const QRectF seen = handle();
  // A narrow handle is for moving; its edges can be had from outside.
  const double inside = std::min(kHandleGrab, seen.width() / 4);
  if (at.x() >= seen.left() - kHandleGrab && at.x() <= seen.left() + inside) return Grab::Left;
  if (at.x() >= seen.right() - inside && at.x() <= seen.right() + kHandleGrab) return Grab::Right;
  return seen.contains(at.x(), seen.center().y()) ? Grab::Handle : Grab::Nothing;
}

void Minimap::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || m_model.density().bins() == 0) return;
  m_view.setFocus(Qt::MouseFocusReason);
  m_grab = grabAt(event->position());
  if (m_grab == Grab::Nothing && !m_view.geometry().isFitted()) {
    m_view.centreOn(positionAt(event->position().x()));
    m_grab = Grab::Handle;
  }
  m_grabOffset = positionAt(event->position().x()) - m_view.geometry().begin();
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
  const TimelineGeometry& g = m_view.geometry();
  const double at = positionAt(event->position().x());
  const double least = g.width() / g.maxScale();
  switch (m_grab) {
    case Grab::Handle:
      m_view.centreOn(at - m_grabOffset + (g.end() - g.begin()) / 2);
      return;
    case Grab::Left:
      m_view.show(std::min(at, g.end() - least), g.end());
      return;
    case Grab::Right:
      m_view.show(g.begin(), std::max(at, g.begin() + least));
      return;
    case Grab::Nothing:
      break;
  }
  switch (grabAt(event->position())) {
    case Grab::Handle:
      setCursor(Qt::OpenHandCursor);
      break;
    case Grab::Left:
    case Grab::Right:
      setCursor(Qt::SizeHorCursor);
      break;
    case Grab::Nothing:
      unsetCursor();
  }
}

void Minimap::mouseReleaseEvent(QMouseEvent*) { m_grab = Grab::Nothing; }

void Minimap::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) m_view.fit();
}

void Minimap::wheelEvent(QWheelEvent* event) {
  event->accept();
  const double at = positionAt(event->position().x());
  const TimelineGeometry& g = m_view.geometry();
  const double half = (g.end() - g.begin()) / 2 * std::pow(1.25, -event->angleDelta().y() / 120.0);
  m_view.show(at - half, at + half);
}

bool Minimap::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && m_model.density().bins() > 0) {
    auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(),
                       (m_view.geometry().isTime()
                            ? tr("The whole recording, by time: lanes from top to bottom, ")
                            : tr("The whole recording, in recorded order: lanes from top to bottom, ")) +
                           tr("darker where more calls were under way.\nErrors are notches at the top, edits "
                              "at the bottom."),
                       this);
    return true;
  }
  return QWidget::event(event);
}

}  // namespace retake::gui
