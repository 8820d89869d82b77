#pragma once

#include <QAbstractItemModel>
#include <memory>
#include <vector>

#include "detail/leaf_edit.h"
#include "detail/value_marks.h"
#include "schema/message_tree.h"

namespace retake::gui {

// A MessageTree as a model. Items are made as a view asks for them: a tree of 100,000 nodes costs
// what of it is open. What is wrong with the bytes, and what was left out, are rows of their own at
// the end.
class MessageTreeModel : public QAbstractItemModel {
  Q_OBJECT
 public:
  enum Column { NameColumn, TypeColumn, ValueColumn, kColumns };
  enum Role {
    PathRole = Qt::UserRole,  // the same place in another version of the message, for find()
    GuessedRole,
    DamageRole
  };

  explicit MessageTreeModel(QObject* parent = nullptr);
  ~MessageTreeModel() override;

  // `schema` and `message` are what the tree was read with. Null: an empty model.
  void setTree(std::shared_ptr<const MessageTree> tree, std::shared_ptr<const Schema> schema,
               const Blob& message);
  // Leaves can be edited; edits come out of leafEdited().
  void setEditable(bool editable) { m_editable = editable; }
  // Null for the damage and omission rows.
  const MessageNode* node(const QModelIndex& index) const;
  QModelIndex find(const QString& path) const;
  static QString nameOf(const QString& path);  // for people
  // As schema/field_path.h writes it; empty for the damage and omission rows.
  std::string fieldPath(const QModelIndex& index) const;
  // What a layer makes of the values; stays until the next one.
  void setMarks(ValueMarks marks) { m_marks = std::move(marks); }
  ValueMarks::Shown marked(const QModelIndex& index) const;
  // The field at `index`; only where node() is not null.
  Leaf leaf(const QModelIndex& index) const;
  const std::shared_ptr<const Schema>& schema() const { return m_schema; }

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 signals:
  // The model itself stays as it is: whoever applies the edit sets another tree.
  void leafEdited(const QModelIndex& index, const QString& text);

 private:
  struct Item;
  Item* item(const QModelIndex& index) const;
  Item* child(Item& parent, int row) const;
  QString path(const Item& item) const;
  QString spokenMark(const QModelIndex& index) const;
  QVariant noteData(const Item& item, int column, int role) const;

  std::shared_ptr<const MessageTree> m_tree;
  std::shared_ptr<const Schema> m_schema;
  Blob m_message;
  ValueMarks m_marks;
  std::unique_ptr<Item> m_root;
  bool m_editable = false;
};

}  // namespace retake::gui
