#include "scrub/step_delegate.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>

#include "scrub/secrets_model.h"

namespace retake::gui {
namespace {

QRect buttonRect(const QStyleOptionViewItem& option, const QString& text) {
  const int width = QFontMetrics(QApplication::font()).horizontalAdvance(text) + 4 * theme::kGrid;
  return {option.rect.left() + theme::kGrid, option.rect.top() + 1,
          std::min(width, option.rect.width() - 2 * theme::kGrid), option.rect.height() - 2};
}

}  // namespace

void StepDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
  paintRow(painter, option, index);
  painter->setFont(QApplication::font());
  const QString done = index.data(SecretsModel::DoneRole).toString();
  const QString text = done.isEmpty() ? index.data().toString() : done;
  const QFontMetrics metrics(QApplication::font());
  if (!done.isEmpty()) {
    const QRect rect = option.rect.adjusted(theme::kGrid, 0, -theme::kGrid, 0);
    painter->setPen(theme::color(theme::Role::Scrubbed));
    painter->drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
                      metrics.elidedText(done, Qt::ElideRight, rect.width()));
    return;
  }
  if (text.isEmpty()) return;
  QStyleOptionButton button;
  button.rect = buttonRect(option, text);
  button.palette = QApplication::palette();
  button.fontMetrics = metrics;
  button.text = text;
  button.state = QStyle::State_Enabled | (m_pressed == index ? QStyle::State_Sunken : QStyle::State_Raised);
  if (option.state & QStyle::State_MouseOver) button.state |= QStyle::State_MouseOver;
  option.widget->style()->drawControl(QStyle::CE_PushButton, &button, painter);
}

bool StepDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                               const QModelIndex& index) {
  const bool press = event->type() == QEvent::MouseButtonPress;
  if (!press && event->type() != QEvent::MouseButtonRelease)
    return RowDelegate::editorEvent(event, model, option, index);
  const QString text =
      index.data(SecretsModel::DoneRole).toString().isEmpty() ? index.data().toString() : QString();
  const auto* mouse = static_cast<QMouseEvent*>(event);
  const bool inside =
      !text.isEmpty() && mouse->button() == Qt::LeftButton && buttonRect(option, text).contains(mouse->pos());
  const bool wasPressed = m_pressed.isValid() && m_pressed == index;
  m_pressed = press && inside ? QPersistentModelIndex(index) : QPersistentModelIndex();
  if (!press && inside && wasPressed) emit clicked(index.row());
  return inside;
}

}  // namespace retake::gui
