#include "calls/call_table_model.h"

#include <QColor>
#include <QLocale>
#include <array>
#include <utility>

#include "calls/call_text.h"
#include "document/document.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

struct Header {
  const char* title;
  const char* hint;
};
constexpr std::array<Header, kCallColumns> kHeaders = {{
    {QT_TRANSLATE_NOOP("CallTable", "#"), QT_TRANSLATE_NOOP("CallTable", "Number of the call, as recorded")},
    {QT_TRANSLATE_NOOP("CallTable", "Kind"),
     QT_TRANSLATE_NOOP("CallTable", "U unary, S server stream, C client stream, B bidirectional stream")},
    {QT_TRANSLATE_NOOP("CallTable", "Method"), QT_TRANSLATE_NOOP("CallTable", "Service and method")},
    {QT_TRANSLATE_NOOP("CallTable", "Status"), QT_TRANSLATE_NOOP("CallTable", "How the call ended")},
    {QT_TRANSLATE_NOOP("CallTable", "Start"),
     QT_TRANSLATE_NOOP("CallTable", "When the call began, since the first call")},
    {QT_TRANSLATE_NOOP("CallTable", "Dur"),
     QT_TRANSLATE_NOOP("CallTable", "How long it took, from its first entry to its last")},
    {QT_TRANSLATE_NOOP("CallTable", "Req"), QT_TRANSLATE_NOOP("CallTable", "Bytes that the client sent")},
    {QT_TRANSLATE_NOOP("CallTable", "Resp"), QT_TRANSLATE_NOOP("CallTable", "Bytes that the client got")},
    {QT_TRANSLATE_NOOP("CallTable", "Msgs"), QT_TRANSLATE_NOOP("CallTable", "Messages, sent and received")},
    {QT_TRANSLATE_NOOP("CallTable", "✎"),
     QT_TRANSLATE_NOOP("CallTable", "Messages and statuses that were edited since the file was opened")},
    {QT_TRANSLATE_NOOP("CallTable", "◇"),
     QT_TRANSLATE_NOOP("CallTable", "Values that the scrub rules would change")},
}};

QString textOf(std::optional<std::int64_t> nanos) { return nanos ? timeText(*nanos) : QString(); }

QVariant numberOf(std::optional<std::int64_t> nanos) {
  return nanos ? QVariant(static_cast<qlonglong>(*nanos)) : QVariant();
}

bool isNumber(CallColumn column) {
  switch (column) {
    case CallColumn::Number:
    case CallColumn::Start:
    case CallColumn::Duration:
    case CallColumn::RequestSize:
    case CallColumn::ResponseSize:
    case CallColumn::Messages:
    case CallColumn::Edits:
    case CallColumn::Scrubs:
      return true;
    case CallColumn::Kind:
    case CallColumn::Method:
    case CallColumn::Status:
      break;
  }
  return false;
}

}  // namespace

CallTableModel::CallTableModel(Document& document, CallRows& rows, QObject* parent)
    : QAbstractTableModel(parent), m_document(document), m_rows(rows), m_times(500), m_sizes(500) {
  connect(&rows, &CallRows::aboutToGrow, this, [this](int first, int last) {
    beginInsertRows({}, first, last);
    m_inserting = true;
  });
  connect(&rows, &CallRows::changed, this, [this] {
    if (m_rows.hasOnlyGrown()) {
      forget();
      if (std::exchange(m_inserting, false)) endInsertRows();
      // Calls that were under way have ended, streams go on.
      if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kCallColumns - 1));
      return;
    }
    beginResetModel();
    forget();
    endResetModel();
  });
  connect(&rows, &CallRows::scrubHitsChanged, this, [this] {
    const int column = static_cast<int>(CallColumn::Scrubs);
    if (rowCount() > 0) emit dataChanged(index(0, column), index(rowCount() - 1, column));
  });
  connect(&document, &Document::changed, this, &CallTableModel::documentChanged);
}

int CallTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.rows().size());
}

int CallTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kCallColumns;
}

void CallTableModel::documentChanged(const SnapshotChange& change) {
  if (change.file || change.calls || change.schema) return;  // the rows were made anew
  forget();
  const Snapshot& s = m_document.snapshot();
  for (const EntryId id : change.entries) {
    const auto position = s.recording->position(id);
    const auto call = position ? s.calls->indexOf(*s.recording, *position) : std::nullopt;
    const auto row = call ? m_rows.rowOf(*call) : std::nullopt;
    if (row) emit dataChanged(index(*row, 0), index(*row, kCallColumns - 1));
  }
}

void CallTableModel::forget() {
  m_sizes.clear();
  m_times.clear();
}

const CallTime& CallTableModel::times(std::uint32_t call) const {
  if (const CallTime* known = m_times.object(call)) return *known;
  const Snapshot& s = m_document.snapshot();
  auto* made = new CallTime(callTime(*s.recording, *s.calls, call));
  m_times.insert(call, made);
  return *made;
}

const CallSizes& CallTableModel::sizes(std::uint32_t call) const {
  if (const CallSizes* known = m_sizes.object(call)) return *known;
  const Snapshot& s = m_document.snapshot();
  auto* made = new CallSizes(callSizes(*s.recording, (*s.calls)[call]));
  m_sizes.insert(call, made);
  return *made;
}

bool CallTableModel::isUsed(std::uint32_t call) const {
  const Snapshot& s = m_document.snapshot();
  return m_used && m_used->contains(s.recording->info((*s.calls)[call].first).id);
}

QVariant CallTableModel::number(std::uint32_t call, CallColumn column) const {
  switch (column) {
    case CallColumn::Number:
      return call + 1;
    case CallColumn::Start:
      return numberOf(times(call).start);
    case CallColumn::Duration:
      return numberOf(times(call).duration);
    case CallColumn::RequestSize:
      return static_cast<qulonglong>(sizes(call).request);
    case CallColumn::ResponseSize:
      return static_cast<qulonglong>(sizes(call).response);
    case CallColumn::Messages:
      return sizes(call).messages;
    case CallColumn::Edits:
      return m_rows.editsOf(call);
    case CallColumn::Scrubs:
      return m_rows.scrubHitsOf(call);
    case CallColumn::Kind:
    case CallColumn::Method:
    case CallColumn::Status:
      break;
  }
  return text(call, column);
}

QString CallTableModel::text(std::uint32_t call, CallColumn column) const {
  const Snapshot& s = m_document.snapshot();
  const CallFacts::Fact& fact = m_rows.facts()[call];
  switch (column) {
    case CallColumn::Number:
      return QString::number(call + 1);
    case CallColumn::Kind:
      return kindLetter(static_cast<CallKind>(fact.kind));
    case CallColumn::Method: {
      const MethodParts parts = methodParts(s.recording->methodName(fact.method));
      return parts.service.isEmpty() ? parts.method : parts.service + u'/' + parts.method;
    }
    case CallColumn::Status:
      return statusText({static_cast<CallEnd::Kind>(fact.end), static_cast<std::int32_t>(fact.code), {}});
    case CallColumn::Start:
      return textOf(times(call).start);
    case CallColumn::Duration:
      return textOf(times(call).duration);
    case CallColumn::RequestSize:
      return sizeText(sizes(call).request);
    case CallColumn::ResponseSize:
      return sizeText(sizes(call).response);
    case CallColumn::Messages:
      return countText(sizes(call).messages);
    case CallColumn::Edits: {
      const std::uint32_t edits = m_rows.editsOf(call);
      if (edits == 0) return {};
      return edits == 1 ? QStringLiteral("✎") : QStringLiteral("✎ %1").arg(countText(edits));
    }
    case CallColumn::Scrubs: {
      const std::uint32_t hits = m_rows.scrubHitsOf(call);
      return hits == 0 ? QString() : QStringLiteral("◇ %1").arg(countText(hits));
    }
  }
  return {};
}

QString CallTableModel::toolTip(std::uint32_t call, CallColumn column) const {
  const Snapshot& s = m_document.snapshot();
  switch (column) {
    case CallColumn::Kind:
      return kindTitle(static_cast<CallKind>(m_rows.facts()[call].kind));
    case CallColumn::Method:
      return QString::fromStdString(s.recording->methodName(m_rows.facts()[call].method));
    case CallColumn::Start:
    case CallColumn::Duration: {
      const auto nanos = column == CallColumn::Start ? times(call).start : times(call).duration;
      return nanos ? tr("%1 ns").arg(QLocale().toString(static_cast<qlonglong>(*nanos)))
                   : tr("The recording does not say when");
    }
    case CallColumn::RequestSize:
      return tr("%1 bytes").arg(countText(sizes(call).request));
    case CallColumn::ResponseSize:
      return tr("%1 bytes").arg(countText(sizes(call).response));
    case CallColumn::Edits:
      return m_rows.editsOf(call) == 0 ? QString() : tr("Edited since the file was opened");
    case CallColumn::Scrubs: {
      const std::uint32_t hits = m_rows.scrubHitsOf(call);
      return hits == 0   ? QString()
             : hits == 1 ? tr("The scrub rules would change a value")
                         : tr("The scrub rules would change %1 values").arg(countText(hits));
    }
    case CallColumn::Number:
      if (isUsed(call))
        return tr("Call %1: the server has answered with it since it was started").arg(call + 1);
      break;
    case CallColumn::Status:
    case CallColumn::Messages:
      break;
  }
  return text(call, column);
}

QVariant CallTableModel::foreground(std::uint32_t call, CallColumn column) const {
  using theme::Role;
  switch (column) {
    case CallColumn::Status:
      switch (static_cast<CallEnd::Kind>(m_rows.facts()[call].end)) {
        case CallEnd::Kind::Ok:
          return theme::color(Role::TextMuted);
        case CallEnd::Kind::Error:
          return theme::color(Role::Error);
        case CallEnd::Kind::Open:
          return theme::color(Role::Warning);
      }
      return {};
    case CallColumn::Edits:
      return theme::color(Role::Edited);
    case CallColumn::Scrubs:
      return theme::color(Role::Scrubbed);
    case CallColumn::Number:
      return m_rows.editsOf(call) ? theme::color(Role::Edited) : theme::color(Role::TextMuted);
    case CallColumn::Kind:
      return theme::color(Role::TextMuted);
    case CallColumn::Start:
      return theme::color(Role::TextMuted);
    case CallColumn::Method:
    case CallColumn::Duration:
    case CallColumn::RequestSize:
    case CallColumn::ResponseSize:
    case CallColumn::Messages:
      break;
  }
  return theme::color(Role::Text);
}

QVariant CallTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const std::uint32_t call = callAt(index.row());
  const auto column = static_cast<CallColumn>(index.column());
  switch (role) {
    case Qt::DisplayRole:
      return text(call, column);
    case Qt::ToolTipRole:
      return toolTip(call, column);
    case Qt::ForegroundRole:
      return foreground(call, column);
    case Qt::TextAlignmentRole:
      return static_cast<int>((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case SortRole:
      return number(call, column);
    case IdRole: {
      const Snapshot& s = m_document.snapshot();
      return s.recording->info((*s.calls)[call].first).id.value;
    }
    case ServiceRole:
      return methodParts(m_document.snapshot().recording->methodName(m_rows.facts()[call].method)).service;
    case UsedRole:
      return column == CallColumn::Number && isUsed(call);
    default:
      return {};
  }
}

QVariant CallTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kCallColumns) return {};
  const Header& header = kHeaders[static_cast<std::size_t>(section)];
  switch (role) {
    case Qt::DisplayRole:
      return tr(header.title);
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
      return tr(header.hint);
    case Qt::TextAlignmentRole:
      return static_cast<int>((isNumber(static_cast<CallColumn>(section)) ? Qt::AlignRight : Qt::AlignLeft) |
                              Qt::AlignVCenter);
    default:
      return {};
  }
}

QString CallTableModel::rowText(int row) const {
  QStringList cells;
  const bool hasTimes = m_document.snapshot().recording->hasExtras();
  for (int column = 0; column < kCallColumns; ++column) {
    const bool isTime =
        column == static_cast<int>(CallColumn::Start) || column == static_cast<int>(CallColumn::Duration);
    if (isTime && !hasTimes) continue;
    QString cell = text(callAt(row), static_cast<CallColumn>(column));
    cells << cell.replace(QChar(0x2009), u' ');
  }
  return cells.join(u'\t').trimmed();
}

}  // namespace retake::gui
