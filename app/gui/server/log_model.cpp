#include "server/log_model.h"

#include <algorithm>
#include <iterator>

#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

// 4 KiB: a miss's status text is shorter, so a longer one is a recorded status message, which the detail
// pane shows whole. Bounds the log's memory.
constexpr std::size_t kMaxText = 4 * 1024;

void bound(std::string& text) {
  if (text.size() <= kMaxText) return;
  std::size_t end = kMaxText;
  // Not in the middle of a UTF-8 sequence.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) --end;
  text.resize(end);
  text += "…";
}

void bound(ReplayEvent& event) {
  bound(event.text);
  bound(event.forwarded);
}

bool isCall(const ReplayEvent& event) { return event.kind == ReplayEvent::Kind::Call; }

theme::Role outcomeRole(const ReplayEvent& event) {
  if (event.kind == ReplayEvent::Kind::Edited) return theme::Role::Edited;
  if (!isCall(event)) return theme::Role::TextMuted;
  switch (event.outcome) {
    case ReplayEvent::Outcome::Served:
      return theme::Role::Matched;
    case ReplayEvent::Outcome::Missed:
      return theme::Role::Error;
    case ReplayEvent::Outcome::Forwarded:
      return theme::Role::Accent;
    case ReplayEvent::Outcome::Refused:
    case ReplayEvent::Outcome::Aborted:
      return theme::Role::Unused;
  }
  return theme::Role::Text;
}

QVariant foreground(const ReplayEvent& event, LogColumn column) {
  switch (column) {
    case LogColumn::Outcome:
      return theme::color(outcomeRole(event));
    case LogColumn::Call:
      return theme::color(event.call ? theme::Role::Accent : theme::Role::TextMuted);
    case LogColumn::Status:
      return theme::color(event.statusCode == 0 ? theme::Role::TextMuted : theme::Role::Error);
    case LogColumn::Time:
    case LogColumn::Endpoint:
    case LogColumn::Duration:
      return theme::color(theme::Role::TextMuted);
    case LogColumn::Method:
    case LogColumn::Text:
      return {};
  }
  return {};
}

QVariant sortValue(const ReplayEvent& event, LogColumn column, const QString& text) {
  switch (column) {
    case LogColumn::Time:
      return QVariant::fromValue(static_cast<qlonglong>(event.time.time_since_epoch().count()));
    case LogColumn::Call:
      return event.callNumber;
    case LogColumn::Duration:
      return QVariant::fromValue(static_cast<qlonglong>(event.duration.count()));
    default:
      return text;
  }
}

}  // namespace

LogModel::LogModel(std::size_t capacity, QObject* parent)
    : QAbstractTableModel(parent), m_capacity(std::max<std::size_t>(capacity, 1)) {}

LogModel::Held LogModel::hold(ReplayEvent event) {
  Held held;
  bound(event);
  if (event.explanation) {
    held.explanation = m_explanations.keep(std::move(event.explanation));
    held.wasExplained = true;
  }
  event.explanation.reset();
  held.event = std::move(event);
  return held;
}

void LogModel::append(std::vector<ReplayEvent> events, std::uint64_t leftOut) {
  m_dropped += leftOut;
  std::vector<Held> held;
  held.reserve(events.size());
  for (ReplayEvent& event : events) held.push_back(hold(std::move(event)));
  if (!m_paused) {
    appendNow(std::move(held));
  } else {
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(held.begin()),
                     std::make_move_iterator(held.end()));
    if (m_waiting.size() > m_capacity) {
      const auto excess = m_waiting.size() - m_capacity;
      m_dropped += excess;
      m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(excess));
    }
  }
  emit countsChanged();
}

void LogModel::appendNow(std::vector<Held> events) {
  if (events.size() > m_capacity) {
    const auto excess = events.size() - m_capacity;
    m_dropped += excess;
    events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(excess));
  }
  if (events.empty()) return;
  if (m_events.size() + events.size() > m_capacity) evict(m_events.size() + events.size() - m_capacity);

  std::vector<std::uint64_t> rows;
  std::uint64_t serial = m_first + m_events.size();
  for (const Held& held : events) {
    if (m_words.matches(held.event)) rows.push_back(serial);
    ++serial;
  }
  m_events.insert(m_events.end(), std::make_move_iterator(events.begin()),
                  std::make_move_iterator(events.end()));
  if (rows.empty()) return;
  const int first = static_cast<int>(m_rows.size());
  beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
  m_rows.insert(m_rows.end(), rows.begin(), rows.end());
  endInsertRows();
}

void LogModel::evict(std::size_t count) {
  const std::uint64_t newFirst = m_first + count;
  const auto end = std::lower_bound(m_rows.begin(), m_rows.end(), newFirst);
  const auto gone = end - m_rows.begin();
  if (gone > 0) beginRemoveRows({}, 0, static_cast<int>(gone) - 1);
  m_rows.erase(m_rows.begin(), end);
  m_events.erase(m_events.begin(), m_events.begin() + static_cast<std::ptrdiff_t>(count));
  m_first = newFirst;
  m_dropped += count;
  if (gone > 0) endRemoveRows();
}

void LogModel::clear() {
  beginResetModel();
  m_first += m_events.size();
  m_events.clear();
  m_rows.clear();
  m_waiting.clear();
  m_explanations.clear();
  m_dropped = 0;
  endResetModel();
  emit countsChanged();
}

void LogModel::forgetCalls() {
  // What misses say of calls and fields is of that recording too.
  m_explanations.clear();
  for (Held& held : m_events) held.event.call = {};
  for (Held& held : m_waiting) held.event.call = {};
  if (!m_rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kLogColumns - 1));
}

void LogModel::setFilter(const QString& text) {
  if (text == m_filter) return;
  m_filter = text;
  auto query = Query::parse(text.toStdString());
  m_filterError = query ? std::nullopt : std::optional(query.error());
  if (!query) return;
  beginResetModel();
  m_words = LogFilter(*std::move(query));
  m_rows.clear();
  for (std::size_t i = 0; i < m_events.size(); ++i) {
    if (m_words.matches(m_events[i].event)) m_rows.push_back(m_first + i);
  }
  endResetModel();
}

void LogModel::setPaused(bool paused) {
  if (paused == m_paused) return;
  m_paused = paused;
  if (!paused) appendNow(std::exchange(m_waiting, {}));
  emit pausedChanged(paused);
  emit countsChanged();
}

const LogModel::Held& LogModel::held(int row) const {
  return m_events[static_cast<std::size_t>(m_rows[static_cast<std::size_t>(row)] - m_first)];
}

int LogModel::nextMiss(int row) const {
  const int rows = rowCount();
  for (int step = 1; step <= rows; ++step) {
    const int at = (row + step) % rows;
    if (isMiss(event(at))) return at;
  }
  return -1;
}

QString LogModel::text(const ReplayEvent& event, LogColumn column) const {
  switch (column) {
    case LogColumn::Time:
      return timeWords(event.time);
    case LogColumn::Outcome:
      return outcomeWords(event);
    case LogColumn::Call:
      return callWords(event.callNumber);
    case LogColumn::Method:
      return methodWords(event.method);
    case LogColumn::Status:
      return isCall(event) ? statusWords(event.statusCode) : QString();
    case LogColumn::Duration:
      return isCall(event) ? durationWords(event.duration) : QString();
    case LogColumn::Endpoint:
      return QString::fromStdString(event.endpoint);
    case LogColumn::Text:
      return QString::fromStdString(logText(event));
  }
  return {};
}

QString LogModel::rowText(int row) const {
  QStringList cells;
  for (int column = 0; column < kLogColumns; ++column) {
    cells += text(event(row), static_cast<LogColumn>(column));
  }
  return cells.join(u'\t');
}

int LogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kLogColumns; }

QVariant LogModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const ReplayEvent& shown = event(index.row());
  const auto column = static_cast<LogColumn>(index.column());
  switch (role) {
    case Qt::DisplayRole: {
      const QString whole = text(shown, column);
      // A table row is one line; the whole text is in the tooltip and below the table.
      return column == LogColumn::Text ? whole.section(u'\n', 0, 0) : whole;
    }
    case Qt::ToolTipRole:
      return column == LogColumn::Text || column == LogColumn::Method ? text(shown, column) : QString();
    case Qt::ForegroundRole:
      return foreground(shown, column);
    case Qt::TextAlignmentRole:
      return static_cast<int>(
          (column == LogColumn::Call || column == LogColumn::Duration ? Qt::AlignRight : Qt::AlignLeft) |
          Qt::AlignVCenter);
    case SortRole:
      return sortValue(shown, column, text(shown, column));
    case IdRole:
      return shown.call.value;
    case SpanRole:
      if (isCall(shown)) return {};
      return static_cast<int>(shown.method.empty() ? LogColumn::Method : LogColumn::Status);
    default:
      return {};
  }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) {
    const auto column = static_cast<LogColumn>(section);
    const bool right = column == LogColumn::Call || column == LogColumn::Duration;
    return static_cast<int>((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole) return {};
  switch (static_cast<LogColumn>(section)) {
    case LogColumn::Time:
      return tr("Time");
    case LogColumn::Outcome:
      return tr("Outcome");
    case LogColumn::Call:
      return tr("Call");
    case LogColumn::Method:
      return tr("Method");
    case LogColumn::Status:
      return tr("Status");
    case LogColumn::Duration:
      return tr("Duration");
    case LogColumn::Endpoint:
      return tr("Endpoint");
    case LogColumn::Text:
      return tr("Text");
  }
  return {};
}

}  // namespace retake::gui
