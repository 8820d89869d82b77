#include "server/check_model.h"

#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

void CheckModel::setCalls(std::vector<CheckedCall> calls) {
  beginResetModel();
  m_calls = std::move(calls);
  endResetModel();
}

int CheckModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_calls.size());
}

int CheckModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kCheckColumns; }

QVariant CheckModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const CheckedCall& shown = call(index.row());
  const auto column = static_cast<CheckColumn>(index.column());
  QString difference;
  for (const std::string& one : shown.outcome.differences) {
    if (!difference.isEmpty()) difference += u'\n';
    difference += QString::fromStdString(one);
  }
  switch (role) {
    case Qt::DisplayRole:
      switch (column) {
        case CheckColumn::Number:
          return callWords(shown.number);
        case CheckColumn::Method:
          return methodWords(shown.method);
        case CheckColumn::Difference:
          return QString(u'≠' + QStringLiteral(" ") + difference.section(u'\n', 0, 0));
      }
      return {};
    case Qt::ToolTipRole:
      return column == CheckColumn::Difference ? difference : QString();
    case Qt::ForegroundRole:
      if (column == CheckColumn::Number) return theme::color(theme::Role::Accent);
      return {};
    case Qt::TextAlignmentRole:
      return static_cast<int>((column == CheckColumn::Number ? Qt::AlignRight : Qt::AlignLeft) |
                              Qt::AlignVCenter);
    case SortRole:
      return shown.number;
    case IdRole:
      return shown.call.value;
    default:
      return {};
  }
}

QVariant CheckModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) {
    const bool right = static_cast<CheckColumn>(section) == CheckColumn::Number;
    return static_cast<int>((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole) return {};
  switch (static_cast<CheckColumn>(section)) {
    case CheckColumn::Number:
      return tr("Call");
    case CheckColumn::Method:
      return tr("Method");
    case CheckColumn::Difference:
      return tr("Difference");
  }
  return {};
}

bool allAsRecorded(const CheckReport& report) {
  return !report.cancelled && report.asRecorded == report.played;
}

QString checkSentence(const CheckReport& report) {
  if (report.calls == 0) return CheckModel::tr("The recording has no calls to check");
  const std::uint32_t total = report.cancelled ? report.played : report.calls;
  QString sentence = (allAsRecorded(report)                ? QStringLiteral("✓ ")
                      : report.asRecorded == report.played ? QString()
                                                           : QStringLiteral("≠ ")) +
                     CheckModel::tr("%1 of %2 calls answered as recorded")
                         .arg(countText(report.asRecorded), countText(total));
  if (report.cancelled) {
    sentence += CheckModel::tr(" · cancelled: %1 not played")
                    .arg(countText(report.calls - report.played - report.unanswered));
  }
  if (report.unanswered > 0) {
    sentence += CheckModel::tr(" · %1 without a recorded answer").arg(countText(report.unanswered));
  }
  const std::uint32_t differing = report.played - report.asRecorded;
  if (differing > report.differing.size()) {
    sentence +=
        CheckModel::tr(" · the first %1 that differ are listed").arg(countText(report.differing.size()));
  }
  return sentence;
}

}  // namespace retake::gui
