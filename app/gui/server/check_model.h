#pragma once

#include <QAbstractTableModel>

#include "server/try_run.h"

namespace retake::gui {

enum class CheckColumn { Number, Method, Difference };
inline constexpr int kCheckColumns = 3;

// The calls that a check found to differ.
class CheckModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Role { SortRole = Qt::UserRole, IdRole };  // IdRole: value of the call's EntryId
  using QAbstractTableModel::QAbstractTableModel;

  void setCalls(std::vector<CheckedCall> calls);
  const CheckedCall& call(int row) const { return m_calls[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

 private:
  std::vector<CheckedCall> m_calls;
};

// "1,204 of 1,204 calls answered as recorded", with a glyph before it and what else is to be said.
QString checkSentence(const CheckReport& report);
bool allAsRecorded(const CheckReport& report);

}  // namespace retake::gui
