#include "server/row_delegate.h"

#include <QPainter>

#include "theme/theme.h"

namespace retake::gui {

void RowDelegate::paintRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
  const bool selected = option.state & QStyle::State_Selected;
  const bool focused = option.state & QStyle::State_Active && option.widget && option.widget->hasFocus();
  if (selected) painter->fillRect(option.rect, theme::color(theme::Role::SelectionFill));
  if (selected && index.column() == 0) {
    painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())),
                      theme::color(focused ? theme::Role::Accent : theme::Role::TextMuted));
  }
}

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
  paintRow(painter, option, index);
  const QRect rect = option.rect.adjusted(theme::kGrid, 0, -theme::kGrid, 0);
  const QVariant foreground = index.data(Qt::ForegroundRole);
  painter->setFont(option.font);
  painter->setPen(foreground.isValid() ? foreground.value<QColor>() : theme::color(theme::Role::Text));
  painter->drawText(
      rect, index.data(Qt::TextAlignmentRole).toInt(),
      QFontMetrics(option.font).elidedText(index.data().toString(), option.textElideMode, rect.width()));
}

}  // namespace retake::gui
