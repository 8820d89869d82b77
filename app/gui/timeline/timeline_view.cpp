#include "timeline/timeline_view.h"

#include <QFontMetrics>
#include <QPaintEvent>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "calls/call_text.h"
#include "theme/theme.h"
#include "timeline/timeline_text.h"

namespace retake::gui {
namespace {

constexpr int kLeastLabels = 96;
constexpr int kLeastChosen = 64;

}  // namespace

TimelineView::TimelineView(Document& document, Selection& selection, TimelineModel& model, QWidget* parent)
    : QAbstractScrollArea(parent),
      m_document(document),
      m_selection(selection),
      m_model(model),
      m_style(TimelineStyle::current()) {
  setObjectName("timelineView");
  setAccessibleName(tr("Timeline"));
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // the minimap is one
  viewport()->setMouseTracking(true);
  viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
  connect(&model, &TimelineModel::rebuilt, this, &TimelineView::rebuild);
  connect(&model, &TimelineModel::lanesChanged, this, [this](const std::vector<std::uint32_t>& lanes) {
    for (const std::uint32_t lane : lanes) repaintLane(lane);
    updateDescription();
  });
  connect(&selection, &Selection::callChanged, this, &TimelineView::followSelection);
  connect(&selection, &Selection::entryChanged, this, &TimelineView::followSelection);
  rebuild();
}

TimelineFrame TimelineView::frame() const {
  TimelineFrame f{.lanes = m_model.lanes(),
                  .layout = &m_layout,
                  .geometry = &m_geometry,
                  .style = &m_style,
                  .size = viewport()->size(),
                  .labelWidth = m_labelWidth,
                  .scroll = verticalScrollBar()->value(),
                  .selectedLane = {},
                  .use = &m_model.use(),
                  .hasTimes = m_model.times() != nullptr};
  if (m_selected)
    if (const auto place = f.lanes->find(*m_selected)) f.selectedLane = place->lane;
  return f;
}

QString TimelineView::emptyText() const {
  if (m_model.isBuilding() && !m_model.lanes()) return tr("Building the timeline…");
  if (!m_document.isOpen()) return tr("Calls appear here, in the order in which they were recorded.");
  if (!m_model.lanes() || m_model.lanes()->lanes().empty())
    return tr("No calls in this file yet: they appear here as they are recorded.");
  return {};
}

QRectF TimelineView::callRect(std::uint32_t call) const {
  return m_model.lanes() ? retake::gui::callRect(frame(), call) : QRectF();
}

void TimelineView::rebuild() {
  const Lanes* lanes = m_model.lanes();
  m_hoverHit = {};
  m_selected = selectedCall();
  m_widestLabel = lanes ? widestLabel() : 0;
  m_collapsed.clear();
  if (lanes) {
    for (const LaneService& service : lanes->services())
      m_collapsed.push_back(m_collapsedNames.contains(service.name));
    // An edit that adds an entry leaves the view where it is. Of a file that grows, who looks at the end goes
    // on seeing the end.
    if (m_geometry.isTime() != m_model.isByTime()) {
      changeAxis();
    } else if (m_model.hasGrown() && !m_geometry.isFitted()) {
      const double begin = m_geometry.begin();
      const double end = m_geometry.end();
      const double before = m_geometry.length();
      setTotal();
      const double moved = end >= before ? m_geometry.length() - before : 0.0;
      m_geometry.show(begin + moved, end + moved);
    } else if (m_geometry.total() == 0 || m_geometry.isFitted() ||
               lanes->recording().size() < m_geometry.total() / 2 ||
               lanes->recording().size() / 2 > m_geometry.total()) {
      setTotal();
    } else if (lanes->recording().size() != m_geometry.total()) {
      const double begin = m_geometry.begin();
      const double end = m_geometry.end();
      setTotal();
      m_geometry.show(begin, end);
    } else if (m_geometry.isTime()) {
      const double begin = m_geometry.begin();
      const double end = m_geometry.end();
      setTotal();
      m_geometry.show(begin, end);
    }
  } else {
    m_geometry.setTotal(0);
  }
  arrange();
  updateDescription();
  viewMoved();
}

void TimelineView::setTotal() {
  m_geometry.setTotal(m_model.lanes()->recording().size(), m_model.isByTime() ? m_model.times() : nullptr);
}

// What was in view stays in view, as far as the other axis has it together.
void TimelineView::changeAxis() {
  const bool fitted = m_geometry.isFitted() || m_geometry.total() != m_model.lanes()->recording().size();
  const std::uint32_t first = m_geometry.entryFrom(m_geometry.begin());
  const std::uint32_t behind = m_geometry.entryFrom(m_geometry.end());
  setTotal();
  if (fitted || first >= behind) return;
  m_geometry.show(m_geometry.beginOf(first), m_geometry.endOf(behind - 1));
}

void TimelineView::arrange() {
  const Lanes* lanes = m_model.lanes();
  const int page = std::max(1, viewport()->height() - m_style.axisHeight);
  m_layout = lanes ? LaneLayout::fitting(*lanes, m_collapsed, m_style.metrics, page) : LaneLayout();
  const int room = std::max(kLeastLabels, viewport()->width() / 4);
  int width =
      lanes && !lanes->lanes().empty() ? std::clamp(m_widestLabel, kLeastLabels, std::min(360, room)) : 0;
  if (m_chosenLabelWidth)
    width =
        std::clamp(*m_chosenLabelWidth, kLeastChosen, std::max(kLeastChosen, viewport()->width() * 2 / 3));
  if (width > 0 && width != m_labelWidth) {
    m_labelWidth = width;
    emit labelWidthChanged();
  }
  m_geometry.setWidth(viewport()->width() - m_labelWidth);
  verticalScrollBar()->setPageStep(page);
  verticalScrollBar()->setSingleStep(m_style.metrics.service);
  verticalScrollBar()->setRange(0, std::max(0, m_layout.height() - page));
}

void TimelineView::chooseLabelWidth(std::optional<int> width) {
  m_chosenLabelWidth = width;
  arrange();
  viewMoved();
}

int TimelineView::widestLabel() const {
  const QFontMetrics names(m_style.bold);
  const QFontMetrics numbers(m_style.dataFont);
  int widest = axisSwitchWidth(m_style);
  for (const Lane& lane : m_model.lanes()->lanes()) {
    const LaneCounts c = lane.aggregate.counts(m_model.lanes()->callsOf(lane), 0,
                                               static_cast<std::uint32_t>(lane.calls.size()));
    QString counts = countText(c.calls);
    counts += QStringLiteral("  ✎9");  // so that an edit does not cut a name
    if (c.errors > 0) counts += QStringLiteral("  ✗") + countText(c.errors);
    widest = std::max(widest, 22 + names.horizontalAdvance(QString::fromStdString(lane.name)) +
                                  3 * theme::kGroupGap + numbers.horizontalAdvance(counts));
  }
  for (const LaneService& service : m_model.lanes()->services())
    widest = std::max(
        widest, 14 + QFontMetrics(m_style.font).horizontalAdvance(QString::fromStdString(service.name)) +
                    3 * theme::kGroupGap);
  return widest;
}

void TimelineView::updateStyle() {
  m_style = TimelineStyle::current();
  if (m_model.lanes()) m_widestLabel = widestLabel();
  arrange();
  repaintAll();
}

void TimelineView::setCollapsed(std::uint32_t service, bool collapsed) {
  if (service >= m_collapsed.size() || m_collapsed[service] == collapsed) return;
  m_collapsed[service] = collapsed;
  const std::string& name = m_model.lanes()->services()[service].name;
  if (collapsed)
    m_collapsedNames.insert(name);
  else
    m_collapsedNames.erase(name);
  arrange();
  viewMoved();
}

void TimelineView::viewMoved() {
  setHover(m_hover);
  repaintAll();
  emit viewChanged();
}

void TimelineView::repaintAll() {
  m_baseDirty = true;
  viewport()->update();
}

void TimelineView::repaintLane(std::uint32_t lane) {
  const auto row = m_layout.rowOfLane(lane);
  if (!row) return;
  // The service's counts stand in its row.
  for (std::size_t r = *row + 1; r-- > 0;) {
    if (r != *row && !m_layout.rows()[r].isService) continue;
    m_dirtyRows.insert(r);
    viewport()->update(frame().rowRect(r));
    if (m_layout.rows()[r].isService) break;
  }
}

void TimelineView::renderBase() {
  const qreal ratio = devicePixelRatioF();
  const QSize pixels = (QSizeF(viewport()->size()) * ratio).toSize();
  if (m_base.size() != pixels || m_base.devicePixelRatio() != ratio) {
    m_base = QImage(pixels, QImage::Format_ARGB32_Premultiplied);
    m_base.setDevicePixelRatio(ratio);
    m_baseDirty = true;
  }
  if (!m_baseDirty && m_dirtyRows.empty()) return;
  QPainter painter(&m_base);
  const TimelineFrame f = frame();
  if (m_baseDirty) {
    paintFrame(painter, f);
  } else {
    for (const std::size_t row : m_dirtyRows) paintRow(painter, f, row);
  }
  m_baseDirty = false;
  m_dirtyRows.clear();
}

void TimelineView::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  const QString empty = emptyText();
  if (!empty.isEmpty()) {
    painter.fillRect(event->rect(), m_style.surface);
    painter.setPen(m_style.textMuted);
    painter.setFont(m_style.font);
    painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, empty);
  } else {
    renderBase();
    const qreal ratio = m_base.devicePixelRatio();
    const QRectF part(event->rect());
    painter.drawImage(part, m_base, QRectF(part.topLeft() * ratio, part.size() * ratio));
    const TimelineFrame f = frame();
    if (m_selected) paintSelectedCall(painter, f, *m_selected);
    paintHover(painter, f);
  }
  if (hasFocus()) {
    painter.setPen(m_style.accent);
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
  }
}

// A hairline through what is under the mouse, its entry on the axis, and the call lit up.
void TimelineView::paintHover(QPainter& painter, const TimelineFrame& frame) const {
  if (!m_hover || m_hover->x() < m_labelWidth) return;
  const auto entry = m_geometry.entryAt(plotX(*m_hover));
  if (!entry) return;
  const int x = static_cast<int>(m_hover->x());
  painter.fillRect(QRect(x, m_style.axisHeight, 1, viewport()->height()), m_style.hairline);
  QString number = countText(*entry + 1);
  if (m_geometry.isTime()) {
    // As exactly as a pixel tells.
    const double step = timeAxisStep(m_geometry.scale(), 1);
    number = axisTimeText(std::round(m_geometry.positionAt(plotX(*m_hover)) / step) * step, step);
  }
  const int width = QFontMetrics(m_style.dataFont).horizontalAdvance(number) + 2 * theme::kGrid;
  QRect chip(x - width / 2, 2, width, m_style.axisHeight - 5);
  chip.moveLeft(std::clamp(chip.left(), m_labelWidth, std::max(m_labelWidth, viewport()->width() - width)));
  painter.fillRect(chip, m_style.text);
  painter.setFont(m_style.dataFont);
  painter.setPen(m_style.surface);
  painter.drawText(chip, Qt::AlignCenter, number);
  if (!m_hoverHit || m_hoverHit->call == m_selected) return;
  const QRectF rect = retake::gui::callRect(frame, m_hoverHit->call);
  if (rect.isEmpty()) return;
  painter.setClipRect(frame.plot());
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_style.textMuted, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  painter.setClipping(false);
}

void TimelineView::resizeEvent(QResizeEvent* event) {
  QAbstractScrollArea::resizeEvent(event);
  arrange();
  viewMoved();
}

void TimelineView::scrollContentsBy(int, int) {
  setHover(m_hover);
  repaintAll();
}

void TimelineView::changeEvent(QEvent* event) {
  QAbstractScrollArea::changeEvent(event);
  switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::StyleChange:
    case QEvent::FontChange:
    case QEvent::ApplicationFontChange:
    case QEvent::LanguageChange:
      updateStyle();
      break;
    default:
      break;
  }
}

void TimelineView::show(double from, double to) {
  m_geometry.show(from, to);
  viewMoved();
}

void TimelineView::centreOn(double position) {
  m_geometry.centreOn(position);
  viewMoved();
}

void TimelineView::zoom(double factor) {
  const bool atMouse = m_hover && m_hover->x() >= m_labelWidth;
  m_geometry.zoom(factor, atMouse ? plotX(*m_hover) : m_geometry.width() / 2);
  viewMoved();
}

void TimelineView::pan(double viewWidths) {
  m_geometry.pan(viewWidths * m_geometry.width());
  viewMoved();
}

void TimelineView::fit() {
  m_geometry.fit();
  viewMoved();
}

void TimelineView::goToEnd() {
  m_geometry.reveal(m_geometry.length(), m_geometry.length());
  viewMoved();
}

void TimelineView::zoomToSelection() {
  if (!m_selected || !m_model.lanes()) return;
  const Call call = m_model.lanes()->calls()[*m_selected];
  m_geometry.zoomTo(m_geometry.beginOf(call.first), m_geometry.endOf(call.last()));
  viewMoved();
}

// The document may be ahead of lanes that are being built.
std::optional<std::uint32_t> TimelineView::selectedCall() const {
  const auto call = m_model.lanes() ? m_selection.call() : std::nullopt;
  return call && *call < m_model.lanes()->calls().size() ? call : std::nullopt;
}

void TimelineView::followSelection() {
  const Lanes* lanes = m_model.lanes();
  const auto before = m_selected;
  m_selected = selectedCall();
  if (!lanes) return;
  for (const auto& call : {before, m_selected})
    if (call)
      if (const auto place = lanes->find(*call)) repaintLane(place->lane);
  if (m_selected) {
    const Call call = lanes->calls()[*m_selected];
    const double begin = m_geometry.beginOf(call.first);
    const double end = m_geometry.endOf(call.last());
    bool moved = m_geometry.reveal(begin, end);
    // Of a call wider than the view, the entry is what matters.
    const auto entry = lanes->recording().position(m_selection.entry());
    const bool wide = (end - begin) * m_geometry.scale() > m_geometry.width();
    if (entry && wide && *entry < m_geometry.total())
      moved = m_geometry.reveal(m_geometry.beginOf(*entry), m_geometry.endOf(*entry)) || moved;
    revealLane(lanes->find(*m_selected)->lane);
    if (moved) viewMoved();
  }
  viewport()->update();
  updateDescription();
}

void TimelineView::revealLane(std::uint32_t lane) {
  const auto row = m_layout.rowOfLane(lane);
  if (!row) return;
  const LaneRow& its = m_layout.rows()[*row];
  QScrollBar* bar = verticalScrollBar();
  const int page = viewport()->height() - m_style.axisHeight;
  if (its.top + its.height > bar->value() + page) bar->setValue(its.top + its.height - page);
  if (its.top < bar->value()) bar->setValue(its.top);
}

void TimelineView::updateDescription() {
  QString text = emptyText();
  if (text.isEmpty()) text = describeLanes(*m_model.lanes(), m_model.isByTime());
  if (m_selected && m_model.lanes()) text += QLatin1Char(' ') + describeCall(*m_model.lanes(), *m_selected);
  if (text != accessibleDescription()) setAccessibleDescription(text);
}

// Room for ten lanes, or for eight calls at a time in one of three. Not what the open recording would
// like: a window gives it once, before there is one.
QSize TimelineView::sizeHint() const { return {800, m_style.axisHeight + 11 * m_style.metrics.service}; }

QSize TimelineView::minimumSizeHint() const {
  return {kLeastLabels * 2, m_style.axisHeight + 2 * m_style.metrics.service};
}

}  // namespace retake::gui
