#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>

namespace retake::gui {

// Cells with 8 pixels to both sides of their text, so that a right-aligned number and the text of the
// next column do not touch.
class PaddedDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit PaddedDelegate(QObject* parent, Qt::TextElideMode elide = Qt::ElideMiddle)
      : QStyledItemDelegate(parent), m_elide(elide) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  Qt::TextElideMode m_elide;
};

// A header whose labels stand over such cells.
class PaddedHeader : public QHeaderView {
  Q_OBJECT
 public:
  explicit PaddedHeader(QWidget* parent = nullptr);

 protected:
  void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override;
};

}  // namespace retake::gui
