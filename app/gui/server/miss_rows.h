#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "explain/explanation.h"
#include "workspace/workspace.h"

namespace retake::gui {

enum class MissColumn { Field, Recorded, Sent, Ignore };
inline constexpr int kMissColumns = 4;

// The fields in which a client's message differs from the nearest recorded one, a row each; a last row says
// how many more there are.
class MissRows : public QAbstractTableModel {
  Q_OBJECT
 public:
  // OtherRole: the value that this one is compared with. MissingRole: one side has no such field.
  enum Role { SortRole = Qt::UserRole, IdRole, OtherRole, MissingRole };
  using QAbstractTableModel::QAbstractTableModel;

  void setMiss(std::shared_ptr<const Explanation> explanation, std::shared_ptr<const Workspace> workspace);
  // The same miss, after the rules have changed.
  void setWorkspace(std::shared_ptr<const Workspace> workspace);
  // Fields that can be ignored: rows in which one is described, and not ignored yet.
  std::vector<std::size_t> ignorable() const;
  bool isIgnorable(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

 private:
  std::size_t described() const;
  bool isIgnoredRow(int row) const;
  QVariant restOfRow(int column, int role) const;

  std::shared_ptr<const Explanation> m_explanation;
  std::shared_ptr<const Workspace> m_workspace;
};

}  // namespace retake::gui
