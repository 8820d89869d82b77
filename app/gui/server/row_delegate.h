#pragma once

#include <QStyledItemDelegate>

namespace retake::gui {

// Paints rows as the call table does: one fill for the whole row, an accent bar at the selected one,
// colours that stay as they are when selected.
class RowDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 protected:
  // What lies behind the text.
  static void paintRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index);
};

}  // namespace retake::gui
