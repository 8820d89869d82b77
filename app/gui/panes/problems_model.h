#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "recording/problem.h"

namespace retake::gui {

// Problems of a recording, a row each.
class ProblemsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { PlaceColumn, TextColumn, RepairColumn, kColumns };
  enum Role { SortRole = Qt::UserRole, IdRole };  // IdRole: position of the entry, or -1

  using QAbstractTableModel::QAbstractTableModel;

  void setProblems(const std::vector<Problem>& problems);
  const Problem& problem(int row) const { return m_problems[static_cast<std::size_t>(row)]; }
  const std::vector<Problem>& problems() const { return m_problems; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<Problem> m_problems;
};

}  // namespace retake::gui
