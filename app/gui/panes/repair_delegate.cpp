#include "panes/repair_delegate.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>

namespace retake::gui {
namespace {

QRect buttonRect(const QStyleOptionViewItem& option, const QString& text) {
  const int width = option.fontMetrics.horizontalAdvance(text) + RepairDelegate::kAround - 2 * theme::kGrid;
  return {option.rect.left() + theme::kGrid, option.rect.top() + 1,
          std::min(width, option.rect.width() - 2 * theme::kGrid), option.rect.height() - 2};
}

}  // namespace

void RepairDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
  QStyleOptionViewItem empty = option;
  initStyleOption(&empty, index);
  const QString text = empty.text;
  empty.text.clear();
  const QWidget* widget = option.widget;
  QStyle& style = widget ? *widget->style() : *QApplication::style();
  style.drawControl(QStyle::CE_ItemViewItem, &empty, painter, widget);
  if (text.isEmpty()) return;
  QStyleOptionButton button;
  button.rect = buttonRect(option, text);
  button.palette = QApplication::palette();
  button.fontMetrics = option.fontMetrics;
  button.text = option.fontMetrics.elidedText(text, Qt::ElideRight, button.rect.width() - 2 * theme::kGrid);
  button.state = QStyle::State_Enabled | (m_pressed == index ? QStyle::State_Sunken : QStyle::State_Raised);
  if (option.state & QStyle::State_MouseOver) button.state |= QStyle::State_MouseOver;
  style.drawControl(QStyle::CE_PushButton, &button, painter);
}

QSize RepairDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  return {QStyledItemDelegate::sizeHint(option, index).width() + 4 * theme::kGrid,
          option.fontMetrics.height() + 3 * theme::kGrid};
}

bool RepairDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) {
  const bool press = event->type() == QEvent::MouseButtonPress;
  if (!press && event->type() != QEvent::MouseButtonRelease)
    return QStyledItemDelegate::editorEvent(event, model, option, index);
  const QString text = index.data().toString();
  const auto* mouse = static_cast<QMouseEvent*>(event);
  const bool inside =
      !text.isEmpty() && mouse->button() == Qt::LeftButton && buttonRect(option, text).contains(mouse->pos());
  const bool wasPressed = m_pressed == index && index.isValid();
  m_pressed = press && inside ? index : QModelIndex();
  if (!press && inside && wasPressed) emit clicked(index);
  return inside;
}

}  // namespace retake::gui
