#include "panes/problems_model.h"

#include "detail/strings.h"
#include "theme/theme.h"

namespace retake::gui {

void ProblemsModel::setProblems(const std::vector<Problem>& problems) {
  beginResetModel();
  m_problems = problems;
  endResetModel();
}

int ProblemsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_problems.size());
}

int ProblemsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant ProblemsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Problem& at = problem(index.row());
  const bool hasRepair = at.repair.kind != Repair::Kind::None;
  switch (role) {
    case Qt::DisplayRole:
      if (index.column() == PlaceColumn)
        return at.position ? tr("entry %1").arg(*at.position + 1) : tr("byte %1").arg(at.offset);
      if (index.column() == TextColumn) return QStringLiteral("✗ ") + toQString(at.text);
      return hasRepair ? tr("Repair: %1").arg(toQString(describe(at.repair))) : QString();
    case Qt::ToolTipRole:
      return index.column() == RepairColumn ? data(index, Qt::DisplayRole) : QVariant(toQString(at.text));
    case Qt::ForegroundRole:
      return index.column() == PlaceColumn ? QVariant(theme::color(theme::Role::TextMuted)) : QVariant();
    case Qt::AccessibleTextRole:
      return data(index, Qt::DisplayRole);
    case SortRole:
      return QVariant::fromValue(at.offset);
    case IdRole:
      return at.position ? static_cast<qint64>(*at.position) : qint64{-1};
    default:
      return {};
  }
}

QVariant ProblemsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case PlaceColumn:
      return tr("Place");
    case TextColumn:
      return tr("Problem");
    default:
      return tr("Repair");
  }
}

}  // namespace retake::gui
