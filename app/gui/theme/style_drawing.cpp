#include "theme/style_drawing.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <algorithm>

#include "theme/theme.h"

namespace retake::gui::theme {

namespace {

constexpr qreal kRadius = 4;

// A square on whole pixels, for a line of one.
QRectF indicatorRect(const QStyleOption& option) {
  const int side = std::min(option.rect.width(), option.rect.height());
  QRect square(0, 0, side, side);
  square.moveCenter(option.rect.center());
  return QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5);
}

QColor markColor(const QStyleOption& option) {
  return color(option.state & QStyle::State_Enabled ? Role::Text : Role::TextDisabled);
}

void prepareIndicator(const QStyleOption& option, QPainter* painter) {
  const bool enabled = option.state & QStyle::State_Enabled;
  const bool over = enabled && option.state & QStyle::State_MouseOver;
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(color(!enabled ? Role::TextDisabled : over ? Role::Text : Role::Control));
  painter->setBrush(color(enabled && option.state & QStyle::State_Sunken ? Role::Hover : Role::Surface));
}

qreal outlineWidth(const QStyleOption& control) {
  return control.state & QStyle::State_Enabled && control.state & QStyle::State_HasFocus ? 2 : 1;
}

void drawChevron(QPainter* painter, const QRect& rect, bool up, bool enabled) {
  const QPointF at = QRectF(rect).center();
  const qreal height = up ? -2 : 2;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(color(enabled ? Role::TextMuted : Role::TextDisabled), 1.5, Qt::SolidLine,
                       Qt::RoundCap, Qt::RoundJoin));
  painter->drawPolyline(
      QPolygonF{at + QPointF(-4, -height), at + QPointF(0, height), at + QPointF(4, -height)});
  painter->restore();
}

}  // namespace

QColor outlineColor(const QStyleOption& control) {
  if (!(control.state & QStyle::State_Enabled)) return color(Role::Hairline);
  return color(control.state & QStyle::State_HasFocus ? Role::Accent : Role::Control);
}

void drawComboBox(const QStyleOptionComboBox& box, const QRect& arrow, QPainter* painter) {
  const bool enabled = box.state & QStyle::State_Enabled;
  const bool over = box.state & (QStyle::State_MouseOver | QStyle::State_Sunken | QStyle::State_On);
  const Role fill = enabled && over && !box.editable ? Role::Hover : Role::Surface;
  if (box.frame) roundedBox(painter, box.rect, color(fill), outlineColor(box), outlineWidth(box));
  drawChevron(painter, arrow, false, enabled);
}

void drawSpinBox(const QStyleOptionSpinBox& box, const QRect& up, const QRect& down, QPainter* painter) {
  const bool enabled = box.state & QStyle::State_Enabled;
  if (box.frame) roundedBox(painter, box.rect, color(Role::Surface), outlineColor(box), outlineWidth(box));
  drawChevron(painter, up, true, enabled && box.stepEnabled & QAbstractSpinBox::StepUpEnabled);
  drawChevron(painter, down, false, enabled && box.stepEnabled & QAbstractSpinBox::StepDownEnabled);
}

void hairlineBelow(QPainter* painter, const QRect& rect) {
  painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color(Role::Hairline));
}

void roundedBox(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& line, qreal width) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setBrush(fill);
  painter->setPen(QPen(line, width));
  const qreal inset = width / 2;
  painter->drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
  painter->restore();
}

void drawButton(const QStyleOption* option, QPainter* painter) {
  const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
  const bool primary = button && (button->features & QStyleOptionButton::DefaultButton);
  const bool enabled = option->state & QStyle::State_Enabled;
  const bool down = option->state & (QStyle::State_Sunken | QStyle::State_On);
  const bool focus = option->state & QStyle::State_HasFocus;
  QColor fill =
      color(down || (option->state & QStyle::State_MouseOver && enabled) ? Role::Hover : Role::Surface);
  if (primary && enabled) fill = down ? color(Role::Accent).darker(115) : color(Role::Accent);
  const bool ring = focus && enabled;
  roundedBox(painter, option->rect, fill, primary && enabled ? color(Role::Accent) : outlineColor(*option),
             outlineWidth(*option));
  if (ring && primary)
    roundedBox(painter, option->rect.adjusted(2, 2, -2, -2), Qt::transparent, color(Role::AccentText));
}

void drawCheckBox(const QStyleOption& box, QPainter* painter) {
  const QRectF r = indicatorRect(box);
  painter->save();
  prepareIndicator(box, painter);
  painter->drawRoundedRect(r, kRadius / 2, kRadius / 2);
  painter->setPen(QPen(markColor(box), 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const auto at = [&r](qreal x, qreal y) { return r.topLeft() + QPointF(x * r.width(), y * r.height()); };
  if (box.state & QStyle::State_On)
    painter->drawPolyline(QPolygonF{at(0.24, 0.52), at(0.43, 0.71), at(0.77, 0.29)});
  else if (box.state & QStyle::State_NoChange)
    painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
  painter->restore();
}

void drawRadioButton(const QStyleOption& button, QPainter* painter) {
  const QRectF r = indicatorRect(button);
  painter->save();
  prepareIndicator(button, painter);
  painter->drawEllipse(r);
  painter->setPen(Qt::NoPen);
  painter->setBrush(markColor(button));
  if (button.state & QStyle::State_On) painter->drawEllipse(r.center(), r.width() / 4, r.height() / 4);
  painter->restore();
}

void drawTab(const QStyleOptionTab& tab, QPainter* painter) {
  const bool selected = tab.state & QStyle::State_Selected;
  const QRect& r = tab.rect;
  if (!selected && tab.state & QStyle::State_MouseOver) painter->fillRect(r, color(Role::Hover));
  if (!selected) return;
  const Role role = tab.state & QStyle::State_Enabled ? Role::Accent : Role::TextDisabled;
  switch (tab.shape) {
    case QTabBar::RoundedSouth:
    case QTabBar::TriangularSouth:
      painter->fillRect(QRect(r.left(), r.top(), r.width(), 2), color(role));
      break;
    case QTabBar::RoundedWest:
    case QTabBar::TriangularWest:
      painter->fillRect(QRect(r.right() - 1, r.top(), 2, r.height()), color(role));
      break;
    case QTabBar::RoundedEast:
    case QTabBar::TriangularEast:
      painter->fillRect(QRect(r.left(), r.top(), 2, r.height()), color(role));
      break;
    default:
      painter->fillRect(QRect(r.left(), r.bottom() - 1, r.width(), 2), color(role));
  }
}

void drawHeaderSection(const QStyleOption* option, QPainter* painter) {
  painter->fillRect(option->rect,
                    color(option->state & QStyle::State_MouseOver ? Role::Hover : Role::Raised));
  hairlineBelow(painter, option->rect);
  const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
  if (!header || header->orientation != Qt::Horizontal || header->position == QStyleOptionHeader::End ||
      header->position == QStyleOptionHeader::OnlyOneSection)
    return;
  painter->fillRect(QRect(option->rect.right(), option->rect.top() + 6, 1, option->rect.height() - 12),
                    color(Role::Hairline));
}

void drawMenuBarItem(const QStyleOptionMenuItem& item, QPainter* painter, const QStyle& style) {
  painter->fillRect(item.rect, color(Role::Raised));
  const bool enabled = item.state & QStyle::State_Enabled;
  if (enabled && item.state & (QStyle::State_Selected | QStyle::State_Sunken))
    roundedBox(painter, item.rect.adjusted(1, 1, -1, -1), color(Role::Hover), Qt::transparent);
  style.drawItemText(painter, item.rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine,
                     item.palette, enabled, item.text, QPalette::WindowText);
}

void drawProgress(const QStyleOptionProgressBar& bar, QPainter* painter) {
  const qint64 range = qint64{bar.maximum} - bar.minimum;
  QRect done = bar.rect;
  if (range > 0) done.setWidth(static_cast<int>((qint64{bar.progress} - bar.minimum) * done.width() / range));
  if (done.width() > 2)
    roundedBox(painter, done, color(range > 0 ? Role::Accent : Role::SelectionFill), Qt::transparent);
}

void drawScrollBar(const QStyleOptionSlider& bar, const QRect& handle, const QColor& ground,
                   QPainter* painter) {
  painter->fillRect(bar.rect, ground);
  if (bar.minimum >= bar.maximum) return;
  const bool held = bar.state & QStyle::State_Sunken && bar.activeSubControls & QStyle::SC_ScrollBarSlider;
  const bool over = bar.state & QStyle::State_MouseOver;
  const int inset = held || over ? 2 : 3;
  const QRect r = bar.orientation == Qt::Horizontal ? handle.adjusted(2, inset, -2, -inset)
                                                    : handle.adjusted(inset, 2, -inset, -2);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  painter->setBrush(color(held || over ? Role::TextMuted : Role::TextDisabled));
  const qreal radius = std::min(r.width(), r.height()) / 2.0;
  painter->drawRoundedRect(r, radius, radius);
  painter->restore();
}

QRect scrollBarHandle(const QStyleOptionSlider& bar) {
  constexpr int kShortest = 24;  // pixels; a handle for a million rows can still be grabbed
  const bool horizontal = bar.orientation == Qt::Horizontal;
  const int length = horizontal ? bar.rect.width() : bar.rect.height();
  const qint64 range = qint64{bar.maximum} - bar.minimum;
  int size = length;
  if (range > 0) {
    const auto part =
        static_cast<int>(qint64{bar.pageStep} * length / std::max<qint64>(range + bar.pageStep, 1));
    size = std::clamp(part, std::min(kShortest, length), length);
  }
  const int at = QStyle::sliderPositionFromValue(bar.minimum, bar.maximum, bar.sliderPosition, length - size,
                                                 bar.upsideDown);
  return horizontal ? QRect(bar.rect.left() + at, bar.rect.top(), size, bar.rect.height())
                    : QRect(bar.rect.left(), bar.rect.top() + at, bar.rect.width(), size);
}

}  // namespace retake::gui::theme
