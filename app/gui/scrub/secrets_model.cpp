#include "scrub/secrets_model.h"

#include "scrub/scrub_table.h"

namespace retake::gui {

// Rows that stay the same stay: what is selected and scrolled to as well.
void SecretsModel::setRows(std::vector<SecretRow> rows) {
  if (rows == m_rows) return;
  if (rows.size() == m_rows.size()) {
    m_rows = std::move(rows);
    emit dataChanged(index(0, 0), index(rowCount() - 1, kSecretColumns - 1));
    return;
  }
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

int SecretsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SecretsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kSecretColumns;
}

QVariant SecretsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const SecretRow& shown = row(index.row());
  const auto column = static_cast<SecretColumn>(index.column());
  switch (role) {
    case Qt::DisplayRole:
      switch (column) {
        case SecretColumn::What:
          return shown.what;
        case SecretColumn::Where:
          return shown.where;
        case SecretColumn::Value:
          return oneLine(shown.value);
        case SecretColumn::Times:
          return shown.times;
        case SecretColumn::Step:
          return shown.step;
      }
      return {};
    case Qt::UserRole:
      return column == SecretColumn::Value ? shown.value : QVariant();
    case Qt::ToolTipRole:
      if (column == SecretColumn::Value) return shown.value.left(4000).toHtmlEscaped();
      if (column == SecretColumn::Step) return shown.hint.toHtmlEscaped();
      return column == SecretColumn::Where ? shown.where.toHtmlEscaped() : QString();
    case Qt::ForegroundRole:
      if (column == SecretColumn::What) return theme::color(shown.role);
      if (column == SecretColumn::Where || column == SecretColumn::Times)
        return theme::color(theme::Role::TextMuted);
      return {};
    case DoneRole:
      return column == SecretColumn::Step ? shown.done : QString();
    case Qt::TextAlignmentRole:
      return static_cast<int>((column == SecretColumn::Times ? Qt::AlignRight : Qt::AlignLeft) |
                              Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant SecretsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const auto column = static_cast<SecretColumn>(section);
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((column == SecretColumn::Times ? Qt::AlignRight : Qt::AlignLeft) |
                            Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (column) {
    case SecretColumn::What:
      return tr("What");
    case SecretColumn::Where:
      return tr("Where");
    case SecretColumn::Value:
      return tr("Value");
    case SecretColumn::Times:
      return tr("Times");
    case SecretColumn::Step:
      return tr("Rule");
  }
  return {};
}

}  // namespace retake::gui
