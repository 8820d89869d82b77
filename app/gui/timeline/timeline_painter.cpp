#include "timeline/timeline_painter.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QVarLengthArray>
#include <algorithm>
#include <cmath>

#include "calls/call_text.h"
#include "theme/theme.h"
#include "timeline/lane_columns.h"
#include "timeline/lane_painter.h"
#include "timeline/timeline_text.h"

namespace retake::gui {
namespace {

constexpr int kIndent = 16;      // of a lane's name behind its service's
constexpr int kFoldArrow = 14;   // room for ▾
constexpr double kAxisGap = 72;  // between numbers on the axis, at least

LanePainter lanePainter(QPainter& painter, const TimelineFrame& frame) {
  return {painter, *frame.lanes, *frame.layout, *frame.geometry, *frame.style, frame.use};
}

void paintArrow(QPainter& painter, QRectF box, bool collapsed, const QColor& color) {
  const QPointF c = box.center();
  const double r = 3;
  const QPointF down[3] = {
      {c.x() - r, c.y() - r / 2}, {c.x(), c.y() + r / 2 + 0.5}, {c.x() + r, c.y() - r / 2}};
  const QPointF right[3] = {
      {c.x() - r / 2, c.y() - r}, {c.x() + r / 2 + 0.5, c.y()}, {c.x() - r / 2, c.y() + r}};
  painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  painter.drawPolyline(collapsed ? right : down, 3);
}

// Right-aligned, as many as leave `name` pixels; gives what is left of `box`. How many failed, were edited
// and used goes before how many there are.
QRect paintCounts(QPainter& painter, const TimelineFrame& frame, QRect box, int name,
                  const LaneCounts& counts, std::uint32_t used) {
  const TimelineStyle& s = *frame.style;
  struct Part {
    QString text;
    QColor color;
    bool shown = false;
  };
  const QString all = countText(counts.calls);
  Part total{counts.hidden > 0 ? countText(counts.calls - counts.hidden) + QLatin1Char('/') + all : all,
             s.textMuted};
  Part errors{counts.errors > 0 ? QStringLiteral("✗") + countText(counts.errors) : QString(), s.error};
  Part edited{counts.edited > 0 ? QStringLiteral("✎") + countText(counts.edited) : QString(), s.edited};
  Part answered{used > 0 ? QStringLiteral("✓") + countText(used) : QString(), s.used};
  const QFontMetrics metrics(s.dataFont);
  int room = box.width() - name;
  for (Part* part : {&edited, &errors, &answered, &total}) {
    if (part->text.isEmpty()) continue;
    const int width = metrics.horizontalAdvance(part->text) + theme::kGroupGap;
    part->shown = width <= room;
    if (part->shown) room -= width;
  }
  painter.setFont(s.dataFont);
  for (const Part& part : {total, errors, edited, answered}) {
    if (!part.shown) continue;
    painter.setPen(part.color);
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, part.text);
    box.setRight(box.right() - metrics.horizontalAdvance(part.text) - theme::kGroupGap);
  }
  return box;
}

void paintLabel(QPainter& painter, const TimelineFrame& frame, std::size_t row, const QRect& rect) {
  const TimelineStyle& s = *frame.style;
  const LaneRow& its = frame.layout->rows()[row];
  QRect box = rect.adjusted(theme::kGroupGap, 0, -theme::kGroupGap, 0);
  LaneCounts counts;
  std::uint32_t used = 0;
  const auto usedOf = [&](const Lane& lane) {
    return frame.use ? frame.use->count(frame.lanes->numberOf(lane), 0,
                                        static_cast<std::uint32_t>(lane.calls.size()))
                     : 0;
  };
  QString text;
  bool bold = false;
  if (its.isService) {
    const LaneService& service = frame.lanes->services()[its.index];
    for (const std::uint32_t l : service.lanes) {
      const Lane& lane = frame.lanes->lanes()[l];
      counts +=
          lane.aggregate.counts(frame.lanes->callsOf(lane), 0, static_cast<std::uint32_t>(lane.calls.size()));
      used += usedOf(lane);
      bold = bold || (its.collapsed && frame.selectedLane == l);
    }
    text = service.name.empty() ? QCoreApplication::translate("Timeline", "(no service)")
                                : QString::fromStdString(service.name);
    paintArrow(painter, QRectF(box.left() - 2, box.top(), kFoldArrow, box.height()), its.collapsed,
               s.textMuted);
    box.setLeft(box.left() + kFoldArrow);
  } else {
    const Lane& lane = frame.lanes->lanes()[its.index];
    counts =
        lane.aggregate.counts(frame.lanes->callsOf(lane), 0, static_cast<std::uint32_t>(lane.calls.size()));
    used = usedOf(lane);
    text = lane.name.empty() ? QCoreApplication::translate("Timeline", "(no method)")
                             : QString::fromStdString(lane.name);
    bold = frame.selectedLane == its.index;
    // Beside the first sub-row, as the calls that the name belongs to.
    box.setHeight(std::min(rect.height(), s.metrics.span + 2 * s.metrics.padding));
    painter.fillRect(QRect(box.left() + kIndent - 3, box.center().y() - 5, 3, 11), s.hue(its.index).mark);
    box.setLeft(box.left() + kIndent + 6);
  }
  const QFont& font = bold ? s.bold : s.font;
  const QFontMetrics metrics(font);
  // An expanded service leaves the numbers to its lanes. A long name gives way by half.
  if (!its.isService || its.collapsed)
    box = paintCounts(painter, frame, box, std::min(metrics.horizontalAdvance(text), box.width() / 2), counts,
                      used);
  painter.setFont(font);
  painter.setPen(its.isService ? s.textMuted : s.text);
  painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                   metrics.elidedText(text, Qt::ElideMiddle, box.width()));
}

// each(x, text)
template <typename Each>
void eachAxisStep(const TimelineGeometry& g, Each each) {
  if (g.isTime()) {
    const double every = timeAxisStep(g.scale(), kAxisGap);
    for (double mark = std::ceil(std::max(0.0, g.begin()) / every); mark * every <= g.length(); ++mark) {
      if (g.xOf(mark * every) > g.width()) break;
      each(g.xOf(mark * every), [&] { return axisTimeText(mark * every, every); });
    }
    return;
  }
  const std::uint32_t step = axisStep(g.scale(), kAxisGap);
  // Entries are numbered from 1: 1, then round numbers.
  const double from = std::max(0.0, g.begin());
  for (std::uint64_t number = static_cast<std::uint64_t>(from) / step * step; number <= g.total();
       number += step) {
    const std::uint64_t shown = std::max<std::uint64_t>(number, 1);
    const double x = g.xOf(static_cast<double>(shown - 1));
    if (x > g.width()) break;
    each(x, [&] { return countText(shown); });
  }
}

QString axisWord(bool time) {
  return time ? QCoreApplication::translate("Timeline", "time")
              : QCoreApplication::translate("Timeline", "order");
}

struct AxisSwitchWidths {
  int name = 0;
  int order = 0;
  int time = 0;
  int all() const { return name + order + time; }
};
AxisSwitchWidths axisSwitchWidths(const TimelineStyle& style) {
  const QFontMetrics metrics(style.font);
  constexpr int kPad = 2 * theme::kGrid;
  return {metrics.horizontalAdvance(QStringLiteral("x:")) + theme::kGrid,
          metrics.horizontalAdvance(axisWord(false)) + kPad,
          metrics.horizontalAdvance(axisWord(true)) + kPad};
}

// The chosen one filled, the other a word that can be clicked, or cannot.
void paintAxisSwitch(QPainter& painter, const TimelineFrame& frame) {
  const TimelineStyle& s = *frame.style;
  const AxisSwitch corner = axisSwitch(frame);
  painter.setFont(s.font);
  painter.setPen(s.textMuted);
  if (corner.order.isEmpty()) {
    const QString whole = QStringLiteral("x: ") + axisWord(frame.geometry->isTime());
    painter.drawText(corner.name, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(s.font).elidedText(whole, Qt::ElideRight, corner.name.width()));
    return;
  }
  painter.drawText(corner.name, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("x:"));
  for (const bool time : {false, true}) {
    const QRect box = time ? corner.time : corner.order;
    const bool chosen = time == frame.geometry->isTime();
    if (chosen) {
      painter.setRenderHint(QPainter::Antialiasing);
      painter.setPen(Qt::NoPen);
      painter.setBrush(s.selectionFill);
      painter.drawRoundedRect(box, 3, 3);
      painter.setRenderHint(QPainter::Antialiasing, false);
    }
    painter.setPen(chosen ? s.text : time && !frame.hasTimes ? s.textHidden : s.textMuted);
    painter.drawText(box, Qt::AlignCenter, axisWord(time));
  }
}

void paintAxis(QPainter& painter, const TimelineFrame& frame) {
  const TimelineStyle& s = *frame.style;
  const TimelineGeometry& g = *frame.geometry;
  const QRect box(0, 0, frame.size.width(), s.axisHeight);
  painter.fillRect(box, s.raised);
  painter.fillRect(QRect(0, s.axisHeight - 1, frame.size.width(), 1), s.hairline);
  painter.setFont(s.font);
  painter.setPen(s.textMuted);
  paintAxisSwitch(painter, frame);
  painter.setPen(s.textMuted);
  painter.setClipRect(QRect(frame.labelWidth, 0, frame.size.width() - frame.labelWidth, s.axisHeight));
  painter.setFont(s.dataFont);
  eachAxisStep(g, [&](double x, const auto& textOf) {
    const int at = frame.labelWidth + static_cast<int>(std::lround(x));
    painter.fillRect(QRect(at, s.axisHeight - 6, 1, 5), s.hairline);
    const QString text = textOf();
    const int width = QFontMetrics(s.dataFont).horizontalAdvance(text);
    if (at + 4 + width > frame.size.width()) return;  // half a number would be another one
    painter.drawText(QRect(at + 4, 0, width + 1, s.axisHeight - 1), Qt::AlignLeft | Qt::AlignVCenter, text);
  });
  painter.setClipping(false);
}

}  // namespace

AxisSwitch axisSwitch(const TimelineFrame& frame) {
  const int height = frame.style->axisHeight - 1;
  const AxisSwitchWidths widths = axisSwitchWidths(*frame.style);
  AxisSwitch corner;
  corner.name = QRect(theme::kGroupGap, 0, frame.labelWidth - 2 * theme::kGroupGap, height);
  if (widths.all() > corner.name.width()) return corner;
  corner.order = QRect(corner.name.left() + widths.name, 3, widths.order, height - 6);
  corner.time = QRect(corner.order.right() + 1, 3, widths.time, height - 6);
  return corner;
}

int axisSwitchWidth(const TimelineStyle& style) {
  return axisSwitchWidths(style).all() + 2 * theme::kGroupGap;
}

QRect TimelineFrame::rowRect(std::size_t row) const {
  const LaneRow& its = layout->rows()[row];
  return {0, style->axisHeight + its.top - scroll, size.width(), its.height};
}

void paintRow(QPainter& painter, const TimelineFrame& frame, std::size_t row) {
  const TimelineStyle& s = *frame.style;
  const LaneRow& its = frame.layout->rows()[row];
  const QRect rect = frame.rowRect(row);
  const QRect seen = rect.intersected(QRect(0, s.axisHeight, frame.size.width(), frame.size.height()));
  if (seen.isEmpty()) return;
  painter.save();
  painter.setClipRect(seen);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect, its.isService ? s.raised : s.surface);
  painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), its.isService ? s.hairline : s.grid);
  const QRect label(0, rect.top(), frame.labelWidth, rect.height());
  painter.setClipRect(label.intersected(seen));
  paintLabel(painter, frame, row, label);
  painter.setClipRect(
      QRect(frame.labelWidth, rect.top(), rect.width() - frame.labelWidth, rect.height()).intersected(seen));
  if (!its.isService) {
    QVarLengthArray<QRect, 64> lines;
    eachAxisStep(*frame.geometry, [&](double x, const auto&) {
      lines.append(QRect(frame.labelWidth + static_cast<int>(std::lround(x)), rect.top(), 1, rect.height()));
    });
    painter.setPen(Qt::NoPen);
    painter.setBrush(s.grid);
    painter.drawRects(lines.constData(), static_cast<int>(lines.size()));
  }
  painter.translate(frame.labelWidth, rect.top());
  const LanePainter lane = lanePainter(painter, frame);
  if (!its.isService)
    lane.paintLane(its.index, its.height);
  else if (its.collapsed)
    lane.paintService(frame.lanes->services()[its.index], its.height);
  painter.restore();
  painter.fillRect(QRect(frame.labelWidth - 1, seen.top(), 1, seen.height()), s.hairline);
}

void paintFrame(QPainter& painter, const TimelineFrame& frame) {
  const TimelineStyle& s = *frame.style;
  const int shown = frame.size.height() - s.axisHeight;
  const auto first = frame.layout->rowAt(std::max(0, frame.scroll));
  int below = s.axisHeight;
  for (std::size_t row = first.value_or(frame.layout->rows().size());
       row < frame.layout->rows().size() && frame.layout->rows()[row].top < frame.scroll + shown; ++row) {
    paintRow(painter, frame, row);
    below = frame.rowRect(row).bottom() + 1;
  }
  // A row fills what it lies on.
  painter.fillRect(QRect(QPoint(0, below), QPoint(frame.size.width() - 1, frame.size.height() - 1)),
                   s.surface);
  paintAxis(painter, frame);
  painter.fillRect(QRect(frame.labelWidth - 1, 0, 1, frame.size.height()), s.hairline);
}

QRectF callRect(const TimelineFrame& frame, std::uint32_t call) {
  const auto place = frame.lanes->find(call);
  const auto row = place ? frame.layout->rowOfLane(place->lane) : std::nullopt;
  if (!row) return {};
  const QRect rect = frame.rowRect(*row);
  const Lane& lane = frame.lanes->lanes()[place->lane];
  const Span its = spanOf(*frame.lanes, lane, place->index, *frame.geometry);
  QRectF span(frame.labelWidth + its.left, 0, its.width, frame.layout->spanHeight(lane));
  const auto subRow = static_cast<std::uint8_t>(lane.marks[place->index] & call_mark::kSubRow);
  if (frame.layout->rows()[*row].isService || !drawsSpans(*frame.lanes, lane, *frame.geometry)) {
    span.setTop(rect.top() + 1);
    span.setHeight(rect.height() - 2);
  } else if (subRow == call_mark::kOverflow) {
    span.setTop(rect.top() + frame.layout->subRowTop(lane, subRow));
    span.setHeight(frame.style->metrics.overflow);
  } else {
    span.moveTop(rect.top() + frame.layout->subRowTop(lane, subRow));
  }
  return span.intersects(QRectF(frame.plot())) ? span : QRectF();
}

void paintSelectedCall(QPainter& painter, const TimelineFrame& frame, std::uint32_t call) {
  const QRectF rect = callRect(frame, call);
  const auto place = frame.lanes->find(call);
  if (rect.isEmpty() || !place) return;
  const TimelineStyle& s = *frame.style;
  const Lane& lane = frame.lanes->lanes()[place->lane];
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(frame.plot());
  painter.translate(frame.labelWidth, 0);
  const QRectF inPlot = rect.translated(-frame.labelWidth, 0);
  double right = inPlot.left() + 2;
  if (rect.height() == frame.layout->spanHeight(lane)) {
    lanePainter(painter, frame).paintCall(place->lane, place->index, inPlot, true);
    right = inPlot.right() + 2;
  } else {
    // A needle in the density.
    QColor light = s.accent;
    light.setAlpha(60);
    painter.fillRect(inPlot, light);
    painter.fillRect(QRectF(inPlot.left(), inPlot.top(), 2, inPlot.height()), s.accent);
  }
  if (rect.height() != s.metrics.span) {
    // No room for words inside: beside it.
    const QFontMetricsF metrics(s.dataBold);
    const QString name = QStringLiteral("#%1 %2").arg(call + 1).arg(QString::fromStdString(lane.name));
    const double width = metrics.horizontalAdvance(name) + 8;
    if (right + width > frame.geometry->width()) right = inPlot.left() - width - 2;
    right = std::max(right, 2.0);  // of a call that fills the view: upon it
    const QRect row = frame.rowRect(*frame.layout->rowOfLane(place->lane));
    QRectF chip(right, inPlot.top() - 1, width, std::min<double>(metrics.height(), row.height()));
    chip.moveTop(std::clamp<double>(chip.top(), row.top(), row.bottom() + 1 - chip.height()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(s.accent);
    painter.drawRoundedRect(chip, 3, 3);
    painter.setPen(s.accentText);
    painter.setFont(s.dataBold);
    painter.drawText(chip, Qt::AlignCenter, name);
  }
  painter.restore();
}

}  // namespace retake::gui
