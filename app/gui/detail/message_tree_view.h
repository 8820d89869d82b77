#pragma once

#include <QTreeView>
#include <map>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "detail/value_marks.h"
#include "schema/message_tree.h"

class QLineEdit;
class QMenu;

namespace retake::gui {

class MessageTreeModel;

// A message as a tree. Leaves are edited in place (F2, double click); a value that does not fit keeps
// its editor open and says why. Open branches and the current field stay when another version of
// the same message is shown.
class MessageTreeView : public QTreeView {
  Q_OBJECT
 public:
  explicit MessageTreeView(QWidget* parent = nullptr);

  // `message` are the bytes that `tree` was read from. `sameMessage`: another version of what was shown.
  void setTree(std::shared_ptr<const MessageTree> tree, std::shared_ptr<const Schema> schema,
               const Blob& message, bool sameMessage);
  void setEditable(bool editable);
  // What a layer makes of the values: recorded ones are struck out, with what they would be and why behind
  // them.
  void setMarks(ValueMarks marks);
  MessageTreeModel& treeModel() const { return *m_model; }
  // The field that is current; null when none is.
  const MessageNode* currentNode() const;
  // Whether `text` would do for the field; empty when it does, else why not.
  QString whyNot(const QModelIndex& index, const QString& text) const;

  // Applies what stands in an open line edit, if it fits, and closes it; what does not fit stays open.
  void finishEditing();
  // Closes an open line edit; what was typed lives on with whoever heard leafTyped().
  void leaveEditing();
  // What line edits begin with in place of the recorded value, by path.
  void setKept(const std::map<QString, QString>& texts) { m_kept = texts; }
  std::optional<QString> keptText(const QString& path) const;
  bool canEdit(const QString& path) const;
  void editLeaf(const QString& path);
  QString editedPath() const;  // of the line edit that is open; empty when none is
  void copy();
  QSize minimumSizeHint() const override;  // two rows

 signals:
  void currentNodeChanged();
  void messageEdited(const std::string& message, const QString& path);  // all of it, with the edited leaf
  // Stands in the line edit of a field and is not applied; none: it is the recorded value again, or given up.
  void leafTyped(const QString& path, const std::optional<QString>& text);
  void editFailed(const QString& sentence);
  void editingBegins();  // what editFailed() said holds no longer
  // A context menu is about to be shown for `value`, a cell of the value column, or none.
  void contextMenuBegins(QMenu* menu, const QModelIndex& value);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
  void expandSome();
  void fitColumns();
  QLineEdit* editor() const;

  MessageTreeModel* m_model;
  std::map<QString, QString> m_kept;
  bool m_fitting = false;
  bool m_columnsChosen = false;  // by the person; they stay then
};

}  // namespace retake::gui
