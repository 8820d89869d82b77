#pragma once

#include <QAbstractTableModel>
#include <cstdint>
#include <deque>
#include <vector>

#include "replay/event.h"
#include "server/log_filter.h"
#include "server/recent_explanations.h"

namespace retake::gui {

enum class LogColumn { Time, Outcome, Call, Method, Status, Duration, Endpoint, Text };
inline constexpr int kLogColumns = 8;

// The live log: the last `capacity` events, those of them that the filter lets through as rows. While
// paused it keeps collecting, and shows what came when it goes on.
class LogModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  static constexpr std::size_t kCapacity = 50'000;
  // IdRole: value of the matched call's EntryId. SpanRole: the column from which on the row has nothing but
  // its text, which is given room there; invalid on rows of calls.
  enum Role { SortRole = Qt::UserRole, IdRole, SpanRole };

  explicit LogModel(std::size_t capacity = kCapacity, QObject* parent = nullptr);

  // `leftOut` events before the first were lost on the way.
  void append(std::vector<ReplayEvent> events, std::uint64_t leftOut = 0);
  void clear();
  // The rows stay and lead nowhere: their ids are of a recording that is not open any more.
  void forgetCalls();

  void setFilter(const QString& text);
  QString filter() const { return m_filter; }
  // The filter that rows go by: the last one that could be read.
  const Query& query() const { return m_words.query(); }
  const std::optional<Error>& filterError() const { return m_filterError; }

  void setPaused(bool paused);
  bool isPaused() const { return m_paused; }
  std::size_t newWhilePaused() const { return m_waiting.size(); }

  // Events held, shown or not, without those that wait for the pause to end.
  std::size_t held() const { return m_events.size(); }
  // Events that are not held any more because the log is bounded.
  std::uint64_t dropped() const { return m_dropped; }
  // Without its explanation: explanation() has that.
  const ReplayEvent& event(int row) const { return held(row).event; }
  // Why the call of this row was missed. Null where there is nothing to explain, and where newer misses
  // took its room: then wasExplained() is true.
  std::shared_ptr<const Explanation> explanation(int row) const { return held(row).explanation.lock(); }
  bool wasExplained(int row) const { return held(row).wasExplained; }
  // The next shown row whose call was missed, behind `row` (-1: the first) and around; -1: there is none.
  int nextMiss(int row) const;
  // The row as a line to paste elsewhere, columns separated by tabs.
  QString rowText(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

 signals:
  void countsChanged();  // held(), dropped() or newWhilePaused()
  void pausedChanged(bool paused);

 private:
  struct Held {
    ReplayEvent event;
    std::weak_ptr<const Explanation> explanation;
    bool wasExplained = false;
  };
  Held hold(ReplayEvent event);
  const Held& held(int row) const;
  void appendNow(std::vector<Held> events);
  void evict(std::size_t count);
  QString text(const ReplayEvent& event, LogColumn column) const;

  const std::size_t m_capacity;
  std::deque<Held> m_events;
  std::uint64_t m_first = 0;         // serial number of m_events.front()
  std::deque<std::uint64_t> m_rows;  // serial numbers of the events shown, ascending
  std::vector<Held> m_waiting;
  RecentExplanations m_explanations;
  std::uint64_t m_dropped = 0;
  bool m_paused = false;
  QString m_filter;
  std::optional<Error> m_filterError;
  LogFilter m_words;
};

}  // namespace retake::gui
