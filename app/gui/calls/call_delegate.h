#pragma once

#include <QStyledItemDelegate>

namespace retake::gui {

// Paints a row of the call table: one fill for the whole row, an accent bar at the selected one, the
// service dimmer than the method.
class CallDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void setHoverRow(int row) { m_hoverRow = row; }
  int hoverRow() const { return m_hoverRow; }
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  int m_hoverRow = -1;
};

}  // namespace retake::gui
