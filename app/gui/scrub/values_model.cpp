#include "scrub/values_model.h"

#include "detail/strings.h"
#include "document/document.h"
#include "scrub/scrub_table.h"
#include "theme/theme.h"

namespace retake::gui {

QString callOf(const Document& document, EntryId entry) {
  if (!entry) return ValuesModel::tr("initial state");
  const Snapshot& now = document.snapshot();
  const auto position = now.recording->position(entry);
  const auto call = position ? now.calls->indexOf(*now.recording, *position) : std::nullopt;
  return call ? u'#' + countText(*call + 1) : QString();
}

ValuesModel::ValuesModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document) {}

void ValuesModel::setSamples(std::vector<ScrubReport::Rule::Sample> samples, bool isRemoved) {
  beginResetModel();
  m_samples = std::move(samples);
  m_isRemoved = isRemoved;
  endResetModel();
}

int ValuesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_samples.size());
}

int ValuesModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kValueColumns; }

QVariant ValuesModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const ScrubReport::Rule::Sample& sample = m_samples[static_cast<std::size_t>(index.row())];
  const auto column = static_cast<ValueColumn>(index.column());
  switch (role) {
    case Qt::DisplayRole:
      switch (column) {
        case ValueColumn::Before:
          return oneLine(toQString(sample.before));
        case ValueColumn::After:
          if (m_isRemoved && sample.after.empty()) return tr("removed");
          return sample.after.empty() ? tr("empty") : oneLine(toQString(sample.after));
        case ValueColumn::Count:
          return countText(sample.count);
        case ValueColumn::Call:
          return callOf(m_document, sample.entry);
      }
      return {};
    case Qt::UserRole:
      if (column == ValueColumn::Before) return toQString(sample.before);
      if (column == ValueColumn::After) return toQString(sample.after);
      return {};
    case Qt::ToolTipRole:
      if (column > ValueColumn::After) return {};
      return toQString(column == ValueColumn::Before ? sample.before : sample.after)
          .left(4000)
          .toHtmlEscaped();
    case ScrubTable::StruckRole:
      return column == ValueColumn::Before;
    case Qt::ForegroundRole:
      if (column == ValueColumn::After)
        return theme::color(sample.after.empty() ? theme::Role::TextMuted : theme::Role::Scrubbed);
      if (column == ValueColumn::Call) return theme::color(theme::Role::Accent);
      return theme::color(theme::Role::TextMuted);
    case Qt::AccessibleDescriptionRole:
      return column == ValueColumn::Before ? tr("becomes %1").arg(oneLine(toQString(sample.after)))
                                           : QString();
    case Qt::TextAlignmentRole:
      return static_cast<int>((column >= ValueColumn::Count ? Qt::AlignRight : Qt::AlignLeft) |
                              Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant ValuesModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const auto column = static_cast<ValueColumn>(section);
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((column >= ValueColumn::Count ? Qt::AlignRight : Qt::AlignLeft) |
                            Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (column) {
    case ValueColumn::Before:
      return tr("Recorded");
    case ValueColumn::After:
      return tr("Becomes");
    case ValueColumn::Count:
      return tr("Times");
    case ValueColumn::Call:
      return tr("First in");
  }
  return {};
}

}  // namespace retake::gui
