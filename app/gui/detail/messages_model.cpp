#include "detail/messages_model.h"

#include <QFutureWatcher>
#include <QtConcurrent>

#include "detail/strings.h"
#include "document/document.h"
#include "schema/json.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

constexpr std::size_t kPreviewHere = 16'000;
constexpr std::size_t kPreviewLength = 300;
// Rows that were seen: enough for many screens, and at most a megabyte.
constexpr qsizetype kMostPreviews = 3'000;

QString previewOf(const Snapshot& snapshot, const EntryContent& content) {
  return toQString(toJsonPreview(*snapshot.schema, content.typeName, content.message.view, kPreviewLength));
}

}  // namespace

MessagesModel::MessagesModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document) {}

void MessagesModel::setCall(std::optional<std::uint32_t> call) {
  beginResetModel();
  ++m_turn;
  m_snapshot = m_document.snapshot();
  m_messages.clear();
  m_previews.clear();
  m_running.clear();
  m_edited.clear();
  for (const EntryId id : m_document.editedEntries()) m_edited.insert(id.value);
  if (call && *call < m_snapshot.calls->size())
    m_messages = callMessages(*m_snapshot.recording, (*m_snapshot.calls)[*call]);
  endResetModel();
}

EntryId MessagesModel::entryAt(int row) const {
  if (row < 0 || row >= rowCount()) return {};
  return m_snapshot.recording->info(m_messages[static_cast<std::size_t>(row)].position).id;
}

std::optional<int> MessagesModel::rowOf(EntryId entry) const {
  if (!m_snapshot.recording) return std::nullopt;
  const auto position = m_snapshot.recording->position(entry);
  if (!position) return std::nullopt;
  const auto found = std::lower_bound(m_messages.begin(), m_messages.end(), *position,
                                      [](const CallMessage& m, std::uint32_t p) { return m.position < p; });
  if (found == m_messages.end() || found->position != *position) return std::nullopt;
  return static_cast<int>(found - m_messages.begin());
}

int MessagesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_messages.size());
}

int MessagesModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QString MessagesModel::typeText(const CallMessage& message) const {
  const EntryInfo info = m_snapshot.recording->info(message.position);
  if (info.isError) {
    if (info.kind == EntryKind::Send) return tr("sending failed");
    if (!info.hasMessage) return tr("end of stream");
    return QStringLiteral("✗ ") + toQString(statusCodeName(info.statusCode));
  }
  if (!info.hasMessage) return tr("no message");
  const auto entry = m_snapshot.recording->entry(message.position);
  return entry ? toQString(typeNameOf(entry->fields.typeUrl)) : QString();
}

void MessagesModel::previewLater(int row) const {
  if (m_running.contains(row)) return;
  m_running.insert(row);
  auto* self = const_cast<MessagesModel*>(this);
  auto* watcher = new QFutureWatcher<QString>(self);
  connect(watcher, &QFutureWatcher<QString>::finished, self, [self, watcher, row, turn = m_turn] {
    watcher->deleteLater();
    if (turn != self->m_turn) return;
    self->m_running.remove(row);
    self->m_previews.insert(row, watcher->result());
    const QModelIndex cell = self->index(row, PreviewColumn);
    emit self->dataChanged(cell, cell);
  });
  const EntryId id = entryAt(row);
  watcher->setFuture(QtConcurrent::run(
      [snapshot = m_snapshot, id] { return previewOf(snapshot, contentOf(*snapshot.recording, id)); }));
}

QString MessagesModel::preview(int row) const {
  if (const auto found = m_previews.constFind(row); found != m_previews.constEnd()) return *found;
  if (m_previews.size() > kMostPreviews) m_previews.clear();
  const std::uint32_t position = m_messages[static_cast<std::size_t>(row)].position;
  if (m_snapshot.recording->messageSize(position) > kPreviewHere) {
    previewLater(row);
    return QStringLiteral("…");
  }
  const EntryContent content = contentOf(*m_snapshot.recording, entryAt(row));
  QString text;
  switch (content.shape) {
    case EntryShape::Message:
      text = previewOf(m_snapshot, content);
      break;
    case EntryShape::Status:
      text = toQString(content.status.message);
      if (!content.status.details.empty())
        text += QStringLiteral(" (%1)").arg(counted(content.status.details.size(), "detail", "details"));
      break;
    case EntryShape::StreamEnd:
      text = tr("OK");
      break;
    default:
      text = toQString(content.note);
  }
  m_previews.insert(row, text);
  return text;
}

QVariant MessagesModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const CallMessage& message = m_messages[static_cast<std::size_t>(index.row())];
  const EntryId id = entryAt(index.row());
  const bool edited = m_edited.contains(id.value);
  const EntryInfo info = m_snapshot.recording->info(message.position);
  switch (role) {
    case Qt::DisplayRole:
      switch (index.column()) {
        case NumberColumn:
          return (edited ? QStringLiteral("✎ ") : QString()) +
                 (message.number > 0 ? QString::number(message.number) : QString());
        case DirectionColumn:
          return message.sent ? QStringLiteral("→") : QStringLiteral("←");
        case TypeColumn:
          return typeText(message);
        case SizeColumn:
          return info.hasMessage ? sizeText(m_snapshot.recording->messageSize(message.position)) : QString();
        case PreviewColumn:
          return preview(index.row());
        default:
          return {};
      }
    case Qt::TextAlignmentRole:
      if (index.column() == NumberColumn || index.column() == SizeColumn)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
      if (index.column() == DirectionColumn) return QVariant::fromValue(Qt::AlignHCenter | Qt::AlignVCenter);
      return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      if (edited && index.column() == NumberColumn) return theme::color(theme::Role::Edited);
      if (info.isError && info.hasMessage && index.column() == TypeColumn)
        return theme::color(theme::Role::Error);
      if (index.column() == DirectionColumn || index.column() == SizeColumn || message.number == 0)
        return theme::color(theme::Role::TextMuted);
      return {};
    case Qt::FontRole:
      return theme::dataFont();
    case Qt::ToolTipRole:
      if (index.column() == DirectionColumn)
        return message.sent ? tr("Sent by the client") : tr("Received from the service");
      return index.column() == TypeColumn || index.column() == PreviewColumn ? data(index, Qt::DisplayRole)
                                                                             : QVariant();
    case SortRole:
      return message.position;
    case IdRole:
      return id.value;
    case EditedRole:
      return edited;
    default:
      return {};
  }
}

QVariant MessagesModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && (section == NumberColumn || section == SizeColumn))
    return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case NumberColumn:
      return tr("#");
    case TypeColumn:
      return tr("Type");
    case SizeColumn:
      return tr("Size");
    case PreviewColumn:
      return tr("Message");
    default:
      return QString();
  }
}

}  // namespace retake::gui
