#pragma once

#include <QAbstractTableModel>

#include "recording/ids.h"
#include "theme/theme.h"

namespace retake::gui {

enum class SecretColumn { What, Where, Value, Times, Step };
inline constexpr int kSecretColumns = 5;

// One secret, or many that one rule takes out.
struct SecretRow {
  QString what;   // "JSON web token"
  QString where;  // of the first
  QString value;  // likewise
  QString times;
  QString step;  // words of the button; empty: none
  QString done;  // in place of the button
  QString hint = {};
  theme::Role role = theme::Role::Text;
  EntryId entry = {};  // of the first; none: the initial state
  int group = -1;      // that a rule can be made of
  bool operator==(const SecretRow&) const = default;
};

// Finds, or what is left.
class SecretsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Role { DoneRole = Qt::UserRole + 1 };
  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<SecretRow> rows);
  const SecretRow& row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<SecretRow> m_rows;
};

}  // namespace retake::gui
