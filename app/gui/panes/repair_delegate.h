#pragma once

#include <QStyledItemDelegate>

#include "theme/theme.h"

namespace retake::gui {

// Draws the last column as a button where there is something in it. Real buttons would be a widget a
// row, and a damaged recording can have thousands.
class RepairDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  // What a cell needs beside the words of its button.
  static constexpr int kAround = 6 * theme::kGrid;

  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 signals:
  void clicked(const QModelIndex& index);

 protected:
  bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

 private:
  QModelIndex m_pressed;
};

}  // namespace retake::gui
