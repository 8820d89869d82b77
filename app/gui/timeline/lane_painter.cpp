#include "timeline/lane_painter.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "recording/status.h"
#include "timeline/lane_columns.h"

namespace retake::gui {
namespace {

constexpr int kColumn = 2;        // pixels; one would be a comb, not a silhouette
constexpr double kRounded = 8;    // narrower calls have no round corners
constexpr double kMark = 3;       // width of the bars that say failed and used, height of the one for edited
constexpr double kTick = 3;       // height
constexpr double kTickArrow = 7;  // width of a tick where there is room for more than a line
constexpr double kInset = 3;      // of words in a call
constexpr int kErrorHeight = 8;   // height that density leaves free for errors

}  // namespace

LanePainter::LanePainter(QPainter& painter, const Lanes& lanes, const LaneLayout& layout,
                         const TimelineGeometry& geometry, const TimelineStyle& style, const LaneUse* use)
    : m_painter(painter),
      m_lanes(lanes),
      m_layout(layout),
      m_geometry(geometry),
      m_style(style),
      m_use(use) {}

QRectF LanePainter::rectOf(const Lane& lane, std::uint32_t index) const {
  const Span span = spanOf(m_lanes, lane, index, m_geometry);
  return {span.left, 0, span.width, static_cast<double>(m_layout.spanHeight(lane))};
}

void LanePainter::paintLane(std::uint32_t lane, int height) const {
  const Lane& its = m_lanes.lanes()[lane];
  if (drawsSpans(m_lanes, its, m_geometry)) {
    paintSpans(lane);
    return;
  }
  const LaneCalls calls = m_lanes.callsOf(its);
  paintDensity(laneColumns(m_lanes, its, m_geometry, kColumn, m_use),
               its.aggregate.counts(calls, 0, calls.size()), height);
}

void LanePainter::paintService(const LaneService& service, int height) const {
  LaneCounts all;
  bool spans = true;
  for (const std::uint32_t lane : service.lanes) {
    const Lane& its = m_lanes.lanes()[lane];
    const LaneCalls calls = m_lanes.callsOf(its);
    all += its.aggregate.counts(calls, 0, calls.size());
    spans = spans && drawsSpans(m_lanes, its, m_geometry);
  }
  if (!spans) {
    std::vector<LaneColumn> columns;
    for (const std::uint32_t lane : service.lanes)
      addColumns(columns, laneColumns(m_lanes, m_lanes.lanes()[lane], m_geometry, kColumn, m_use));
    paintDensity(columns, all, height);
    return;
  }
  // Few calls: each as a bar in its lane's hue.
  const double top = height / 2.0 - 3;
  for (const std::uint32_t lane : service.lanes) {
    const Lane& its = m_lanes.lanes()[lane];
    for (const std::uint32_t index : callsInView(m_lanes, its, m_geometry)) {
      const QRectF span = rectOf(its, index);
      const QRectF bar(span.left(), top, span.width(), 6);
      const std::uint8_t mark = its.marks[index];
      const bool hidden = mark & call_mark::kHidden;
      m_painter.fillRect(bar, hidden ? m_style.hue(lane).hiddenFill : m_style.hue(lane).bar);
      if (hidden) continue;
      if (mark & call_mark::kError)
        m_painter.fillRect(QRectF(bar.right() - kMark, top - 4, kMark, 4), m_style.error);
      if (mark & call_mark::kEdited)
        m_painter.fillRect(QRectF(bar.left(), top + 6, bar.width(), kMark), m_style.edited);
      if (isUsed(lane, index)) m_painter.fillRect(QRectF(bar.left(), top - 4, kMark, 4), m_style.used);
    }
  }
}

void LanePainter::paintSpans(std::uint32_t lane) const {
  const Lane& its = m_lanes.lanes()[lane];
  const auto calls = callsInView(m_lanes, its, m_geometry);
  for (const std::uint32_t index : calls) {
    const auto subRow = static_cast<std::uint8_t>(its.marks[index] & call_mark::kSubRow);
    if (subRow == call_mark::kOverflow) continue;
    paintCall(lane, index, rectOf(its, index).translated(0, m_layout.subRowTop(its, subRow)), false);
  }
  if (its.overflows) paintOverflow(lane, calls);
}

// Calls for which there is no sub-row, as one line where they overlap, with their number.
void LanePainter::paintOverflow(std::uint32_t number, const std::vector<std::uint32_t>& calls) const {
  const Lane& lane = m_lanes.lanes()[number];
  const double top = m_layout.subRowTop(lane, call_mark::kOverflow);
  const QFontMetricsF metrics(m_style.dataFont);
  m_painter.setFont(m_style.dataFont);
  double left = 0;
  double right = 0;
  int count = 0;
  const auto flush = [&] {
    if (count == 0) return;
    const QString text = QStringLiteral("+%1").arg(count);
    const double from = std::max(left, 0.0);
    m_painter.fillRect(QRectF(from, top, std::max(kLeastSpan, right - from - 1), 1), m_style.textMuted);
    m_painter.setPen(m_style.textMuted);
    m_painter.drawText(QPointF(from + 2, top + metrics.ascent()), text);
    count = 0;
  };
  for (const std::uint32_t index : calls) {
    if ((lane.marks[index] & call_mark::kSubRow) != call_mark::kOverflow) continue;
    const QRectF span = rectOf(lane, index);
    // Not closer than the number of the one before needs.
    const double room =
        std::max(right, std::max(left, 0.0) + metrics.horizontalAdvance(QStringLiteral("+00000")));
    if (count > 0 && span.left() > room) flush();
    if (count == 0) {
      left = span.left();
      right = span.right();
    }
    right = std::max(right, span.right());
    ++count;
    const std::uint8_t mark = lane.marks[index];
    if (mark & call_mark::kHidden) continue;
    if (mark & call_mark::kError)
      m_painter.fillRect(QRectF(span.right() - kMark, top - 1, kMark, kMark), m_style.error);
    if (mark & call_mark::kEdited)
      m_painter.fillRect(QRectF(span.left(), top + m_style.metrics.overflow - kMark, span.width(), kMark),
                         m_style.edited);
    if (isUsed(number, index)) m_painter.fillRect(QRectF(span.left(), top - 1, kMark, kMark), m_style.used);
  }
  flush();
}

void LanePainter::paintCall(std::uint32_t lane, std::uint32_t index, const QRectF& rect,
                            bool selected) const {
  const Lane& its = m_lanes.lanes()[lane];
  const Call call = m_lanes.calls()[its.calls[index]];
  const std::uint8_t mark = its.marks[index];
  const auto& hue = m_style.hue(lane);
  const bool hidden = (mark & call_mark::kHidden) && !selected;
  const QColor fill = selected          ? m_style.selectionFill
                      : hidden          ? hue.hiddenFill
                      : call.isStream() ? hue.stream
                                        : hue.fill;
  // Far ends are cut: what lies thousands of pixels outside costs time to clip.
  const QRectF seen = rect.intersected(QRectF(-16, rect.top(), m_geometry.width() + 32, rect.height()));
  if (seen.isEmpty()) return;
  if (seen.width() < kRounded) {
    m_painter.fillRect(seen, fill);
  } else {
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(fill);
    m_painter.drawRoundedRect(seen, 3, 3);
  }
  if (selected) {
    m_painter.setPen(QPen(m_style.accent, 2));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRoundedRect(seen.adjusted(0, 0, 0, 0), 3, 3);
  }
  if (!hidden) {
    if (call.isStream()) paintTicks(call, seen, selected ? m_style.accent : hue.tick);
    if (mark & call_mark::kEdited)
      m_painter.fillRect(QRectF(seen.left(), rect.bottom() - kMark, seen.width(), kMark), m_style.edited);
    if (mark & call_mark::kError)
      m_painter.fillRect(
          QRectF(std::max(seen.left(), seen.right() - kMark), rect.top(), kMark, rect.height()),
          m_style.error);
    // Where a failed call is too narrow for both, its foot.
    if (isUsed(lane, index))
      m_painter.fillRect(seen.width() >= 2 * kMark || !(mark & call_mark::kError)
                             ? QRectF(seen.left(), rect.top(), std::min(kMark, seen.width()), rect.height())
                             : QRectF(seen.left(), rect.bottom() - kMark, seen.width(), kMark),
                         m_style.used);
  }
  if (seen.width() >= 12 && rect.height() >= m_style.metrics.span) paintWords(lane, index, seen, selected);
}

void LanePainter::paintTick(double x, double width, bool sent, const QRectF& rect,
                            const QColor& color) const {
  if (width < kTickArrow) {
    m_painter.fillRect(QRectF(x - width / 2, sent ? rect.top() : rect.bottom() - kTick, width, kTick), color);
    return;
  }
  const double foot = sent ? rect.top() : rect.bottom();
  const double tip = sent ? foot + kTickArrow - 2 : foot - kTickArrow + 2;
  const QPointF arrow[3] = {{x - width / 2, foot}, {x + width / 2, foot}, {x, tip}};
  m_painter.setPen(Qt::NoPen);
  m_painter.setBrush(color);
  m_painter.drawPolygon(arrow, 3);
}

// Messages of a stream: what was sent hangs from the top, what was received stands on the bottom.
void LanePainter::paintTicks(const Call& call, const QRectF& rect, const QColor& color) const {
  // Where time is the axis, messages may lie as close as can be.
  const bool isTime = m_geometry.isTime();
  const double scale = isTime ? 0 : m_geometry.scale();
  const double width = scale >= 2 * kTickArrow ? kTickArrow : scale >= 6 || isTime ? 2 : 1;
  const std::uint32_t behind = m_geometry.entryFrom(m_geometry.begin());
  const std::uint32_t from = behind == 0 ? 0 : behind - 1;
  double free = rect.left();
  for (auto at = std::lower_bound(call.rest.begin(), call.rest.end(), from); at != call.rest.end();) {
    double x = m_geometry.xOf((m_geometry.beginOf(*at) + m_geometry.endOf(*at)) / 2) - width / 2;
    if (x > m_geometry.width()) break;
    // The last message is as late as its call's end.
    if (isTime) x = std::clamp(x, rect.left(), std::max(rect.left(), rect.right() - width));
    const EntryInfo info = m_lanes.recording().info(*at);
    // The end of a stream is the end of its span; only messages have a tick.
    if (info.hasMessage && !info.isError && x >= rect.left() && x + width <= rect.right())
      paintTick(x + width / 2, width, info.kind == EntryKind::Send, rect, color);
    // Thousands on a pixel: look at one of each kind at most.
    free = std::max(free, x);
    if (scale >= 1) {
      ++at;
    } else {
      const std::uint32_t next = m_geometry.entryFrom(m_geometry.positionAt(free + 0.5));
      at = std::lower_bound(at + 1, call.rest.end(), next);
    }
  }
}

// "#481", what was done to it and how it ended, as far as they fit.
void LanePainter::paintWords(std::uint32_t number, std::uint32_t index, const QRectF& rect,
                             bool selected) const {
  const Lane& lane = m_lanes.lanes()[number];
  const std::uint8_t mark = lane.marks[index];
  const Call call = m_lanes.calls()[lane.calls[index]];
  const bool hidden = (mark & call_mark::kHidden) && !selected;
  const QFont& font = selected ? m_style.dataBold : m_style.dataFont;
  const QFontMetricsF metrics(font);
  const bool used = isUsed(number, index) && !hidden;
  const double left = std::max(rect.left() + (used ? kMark : 0), 0.0) + kInset;
  const double right = std::min(rect.right(), m_geometry.width()) - kInset / 3;
  const double base = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
  double x = left;
  m_painter.setFont(font);
  const auto put = [&](const QString& text, const QColor& color) {
    const double width = metrics.horizontalAdvance(text);
    if (x + width > right) return false;
    m_painter.setPen(color);
    m_painter.drawText(QPointF(x, base), text);
    x += width + metrics.horizontalAdvance(QLatin1Char(' ')) * 0.75;
    return true;
  };
  const QString title = QStringLiteral("#%1").arg(call.number);
  const bool failed = (mark & call_mark::kError) && !hidden;
  const bool edited = (mark & call_mark::kEdited) && !hidden;
  const QColor color = hidden ? m_style.textHidden : m_style.text;
  if (!put(selected ? title + QLatin1Char(' ') + QString::fromStdString(lane.name) : title, color) &&
      !(selected && put(title, color))) {
    // No room for the number: the glyph alone, if it says something.
    x = rect.center().x() - metrics.horizontalAdvance(QLatin1Char('0')) / 2;
    if (failed)
      put(QStringLiteral("✗"), m_style.error);
    else if (edited)
      put(QStringLiteral("✎"), m_style.edited);
    return;
  }
  if (edited) put(QStringLiteral("✎"), m_style.edited);
  if (failed) {
    const CallEnd end = callEnd(m_lanes.recording(), call);
    const QString status = QString::fromStdString(statusCodeName(end.code));
    if (!put(QStringLiteral("✗ ") + status, m_style.error)) put(QStringLiteral("✗"), m_style.error);
  }
  if ((mark & call_mark::kOpen) && !hidden) put(QStringLiteral("…"), m_style.textMuted);
  if (used) put(QStringLiteral("✓"), m_style.used);  // last: its bar says so already
}

void LanePainter::paintDensity(const std::vector<LaneColumn>& columns, const LaneCounts& all,
                               int height) const {
  // How much of the recording a column is.
  const double part = kColumn / m_geometry.scale() / std::max(1.0, m_geometry.length());
  const int bottom = height - 4;
  const int room = bottom - kErrorHeight - 2;
  // By colour, and neighbours of one height together: a rectangle a call to the painter is slow.
  struct Bars {
    QColor color;
    QVector<QRect> rects;
    void add(int x, int y, int tall, int width = kColumn) {
      if (tall <= 0) return;
      if (!rects.isEmpty()) {
        QRect& last = rects.last();
        if (last.right() + 1 == x && last.top() == y && last.height() == tall) {
          last.setRight(x + width - 1);
          return;
        }
      }
      rects.append(QRect(x, y, width, tall));
    }
  };
  Bars active{m_style.active, {}}, hidden{m_style.densityHidden, {}}, shown{m_style.density, {}};
  Bars usual{m_style.errorUsual, {}}, errors{m_style.error, {}}, edited{m_style.edited, {}};
  Bars used{m_style.used, {}};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const LaneColumn& column = columns[c];
    const int x = static_cast<int>(c) * kColumn;
    if (column.active) active.add(x, bottom, 1);
    const LaneCounts& begun = column.begun;
    if (begun.calls == 0) continue;
    const double high = room * barHeight(begun.calls, halfOfCalls(all.calls * part));
    const int full = std::max(2, static_cast<int>(std::lround(high)));
    const double share = static_cast<double>(begun.calls - begun.hidden) / begun.calls;
    const int lit = share > 0 ? std::max(1, static_cast<int>(std::lround(full * share))) : 0;
    hidden.add(x, bottom - full, full - lit);
    shown.add(x, bottom - lit, lit);
    if (begun.errors > 0) {
      const double tall = barHeight(begun.errors, halfOfErrors(all.errors * part));
      (tall < kUnusual ? usual : errors)
          .add(x, 2, 1 + static_cast<int>(std::lround((kErrorHeight - 1) * tall)));
    }
    if (column.used) used.add(x, bottom + 1, 2);
    if (begun.edited > 0) edited.add(x - 2, bottom - 1, 4, kColumn + 4);
  }
  m_painter.setPen(Qt::NoPen);
  m_painter.setRenderHint(QPainter::Antialiasing, false);  // on whole pixels, and three times as fast
  for (const Bars& bars : {active, hidden, shown, usual, errors, used, edited}) {
    m_painter.setBrush(bars.color);
    m_painter.drawRects(bars.rects);
  }
  m_painter.setRenderHint(QPainter::Antialiasing);
}

}  // namespace retake::gui
