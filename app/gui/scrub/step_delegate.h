#pragma once

#include <QPersistentModelIndex>

#include "server/row_delegate.h"

namespace retake::gui {

// A cell with a button in it, or with what was done in its place. Real buttons would be a widget a row.
class StepDelegate : public RowDelegate {
  Q_OBJECT
 public:
  using RowDelegate::RowDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 signals:
  void clicked(int row);

 protected:
  bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

 private:
  QPersistentModelIndex m_pressed;
};

}  // namespace retake::gui
