#include "server/miss_rows.h"

#include "detail/strings.h"
#include "server/remedies.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// What a tooltip can show.
constexpr qsizetype kMaxToolTip = 2000;

// One line of a table; what has more lines is in the tooltip, and shown with a mark for each.
QString oneLine(const std::string& value) { return toQString(value).replace(u'\n', QStringLiteral("⏎")); }

QString value(const Difference& difference, MissColumn column) {
  return oneLine(column == MissColumn::Recorded ? difference.recorded : difference.sent);
}

bool isMissing(const Difference& difference, MissColumn column) {
  return (column == MissColumn::Recorded && difference.kind == Difference::Kind::OnlySent) ||
         (column == MissColumn::Sent && difference.kind == Difference::Kind::OnlyRecorded);
}

}  // namespace

void MissRows::setMiss(std::shared_ptr<const Explanation> explanation,
                       std::shared_ptr<const Workspace> workspace) {
  beginResetModel();
  m_explanation = std::move(explanation);
  m_workspace = std::move(workspace);
  endResetModel();
}

void MissRows::setWorkspace(std::shared_ptr<const Workspace> workspace) {
  if (workspace == m_workspace) return;
  m_workspace = std::move(workspace);
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kMissColumns - 1));
}

std::size_t MissRows::described() const {
  return m_explanation && m_explanation->nearest ? m_explanation->nearest->differences.size() : 0;
}

std::vector<std::size_t> MissRows::ignorable() const {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < described(); ++i)
    if (isIgnorable(static_cast<int>(i))) rows.push_back(i);
  return rows;
}

bool MissRows::isIgnoredRow(int row) const {
  return m_workspace &&
         isIgnored(*m_workspace, ruleOf(*m_explanation,
                                        m_explanation->nearest->differences[static_cast<std::size_t>(row)]));
}

bool MissRows::isIgnorable(int row) const {
  return row >= 0 && static_cast<std::size_t>(row) < described() && !isIgnoredRow(row);
}

int MissRows::rowCount(const QModelIndex& parent) const {
  if (parent.isValid() || described() == 0) return 0;
  return static_cast<int>(described()) + (m_explanation->nearest->more > 0 ? 1 : 0);
}

int MissRows::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kMissColumns; }

QVariant MissRows::restOfRow(int column, int role) const {
  if (static_cast<MissColumn>(column) != MissColumn::Field) return {};
  if (role == Qt::DisplayRole) return tr("… and %1 more").arg(countText(m_explanation->nearest->more));
  return role == Qt::ForegroundRole ? QVariant(theme::color(theme::Role::TextMuted)) : QVariant();
}

QVariant MissRows::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto row = static_cast<std::size_t>(index.row());
  if (row >= described()) return restOfRow(index.column(), role);
  const Difference& difference = m_explanation->nearest->differences[row];
  const auto column = static_cast<MissColumn>(index.column());
  const bool isValue = column == MissColumn::Recorded || column == MissColumn::Sent;
  switch (role) {
    case Qt::DisplayRole:
    case SortRole:
    case Qt::AccessibleTextRole:
      if (column == MissColumn::Field) return toQString(toString(difference.path));
      if (column == MissColumn::Ignore) return isIgnoredRow(index.row()) ? tr("✓ ignored") : tr("Ignore");
      if (isMissing(difference, column))
        return column == MissColumn::Sent ? tr("– not sent") : tr("– not recorded");
      return value(difference, column);
    case Qt::ToolTipRole:
      if (column == MissColumn::Ignore)
        return isIgnoredRow(index.row()) ? tr("An ignore rule covers this field")
                                         : tr("Adds the ignore rule\n%1")
                                               .arg(toQString(toString(ruleOf(*m_explanation, difference))));
      if (isValue && isMissing(difference, column)) return {};
      if (isValue)
        return toQString(column == MissColumn::Recorded ? difference.recorded : difference.sent)
            .left(kMaxToolTip);
      return toQString(toString(difference.path));
    case Qt::ForegroundRole:
      if (column == MissColumn::Field) return theme::color(theme::Role::SyntaxKey);
      if (column == MissColumn::Ignore)
        return theme::color(isIgnoredRow(index.row()) ? theme::Role::TextMuted : theme::Role::Accent);
      return isMissing(difference, column) ? QVariant(theme::color(theme::Role::TextMuted)) : QVariant();
    case Qt::TextAlignmentRole:
      return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    case IdRole:
      return static_cast<qulonglong>(row);
    case OtherRole:
      if (!isValue) return {};
      return value(difference, column == MissColumn::Recorded ? MissColumn::Sent : MissColumn::Recorded);
    case MissingRole:
      return difference.kind != Difference::Kind::Changed;
    default:
      return {};
  }
}

QVariant MissRows::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (static_cast<MissColumn>(section)) {
    case MissColumn::Field:
      return tr("Field");
    case MissColumn::Recorded:
      return tr("Recorded");
    case MissColumn::Sent:
      return tr("Sent");
    case MissColumn::Ignore:
      return {};
  }
  return {};
}

}  // namespace retake::gui
