#include "detail/padded_cells.h"

#include <QApplication>
#include <QPainter>

#include "theme/theme.h"

namespace retake::gui {

void PaddedDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
  QStyleOptionViewItem cell = option;
  initStyleOption(&cell, index);
  const QString text = std::exchange(cell.text, QString());
  const QStyle& style = cell.widget ? *cell.widget->style() : *QApplication::style();
  style.drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
  QRect rect = cell.rect.adjusted(theme::kGroupGap, 0, -theme::kGroupGap, 0);
  if (!cell.icon.isNull())
    rect.setLeft(style.subElementRect(QStyle::SE_ItemViewItemDecoration, &cell, cell.widget).right() +
                 theme::kGroupGap);
  painter->save();
  painter->setFont(cell.font);
  painter->setPen(cell.palette.color(QPalette::Text));
  painter->drawText(rect, static_cast<int>(cell.displayAlignment) | Qt::TextSingleLine,
                    cell.fontMetrics.elidedText(text, m_elide, rect.width()));
  painter->restore();
}

PaddedHeader::PaddedHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
  setHighlightSections(false);
  setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void PaddedHeader::initStyleOptionForIndex(QStyleOptionHeader* option, int section) const {
  QHeaderView::initStyleOptionForIndex(option, section);
  // The style draws the text as near to the edge as it likes; blanks are the one thing it leaves alone.
  const int blanks =
      std::max(1, theme::kGroupGap / std::max(1, option->fontMetrics.horizontalAdvance(u' ')) - 1);
  const QString pad(blanks, u' ');
  if (option->textAlignment & Qt::AlignRight)
    option->text += pad;
  else
    option->text = pad + option->text;
}

}  // namespace retake::gui
