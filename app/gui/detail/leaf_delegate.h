#pragma once

#include <QStyledItemDelegate>

namespace retake::gui {

class MessageTreeView;

// The property of a line edit that names its field, as MessageTreeModel::PathRole does.
inline constexpr const char* kLeafPath = "leafPath";

// The line edit for a leaf of the tree: completes names, is checked as one types, and does not let
// go of a value that does not fit (Esc does).
class LeafDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit LeafDelegate(MessageTreeView& view);

  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const override;
  void setEditorData(QWidget* editor, const QModelIndex& index) const override;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 protected:
  bool eventFilter(QObject* editor, QEvent* event) override;
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

 private:
  MessageTreeView& m_view;
};

}  // namespace retake::gui
