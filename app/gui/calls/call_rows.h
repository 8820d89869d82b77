#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "calls/call_facts.h"
#include "calls/query_search.h"
#include "filter/query.h"

namespace retake::gui {

class Document;
class UsedCalls;
struct SnapshotChange;

enum class CallColumn {
  Number,
  Kind,
  Method,
  Status,
  Start,
  Duration,
  RequestSize,
  ResponseSize,
  Messages,
  Edits,
  Scrubs
};
inline constexpr int kCallColumns = 11;

// Which calls are shown, and in what order: one list for the call table and the timeline. A vector of
// call indices, not a proxy model: filtering a million rows takes milliseconds here.
class CallRows : public QObject {
  Q_OBJECT
 public:
  explicit CallRows(Document& document, QObject* parent = nullptr);

  const std::vector<std::uint32_t>& rows() const { return m_rows; }  // call indices, in shown order
  std::uint32_t total() const { return m_facts.size(); }
  bool isFiltered() const { return !m_query.isEmpty(); }
  // Whether the call is shown; constant time.
  bool contains(std::uint32_t call) const;
  std::optional<int> rowOf(std::uint32_t call) const;

  // What the rows were filtered and sorted by, for whoever shows it.
  const CallFacts& facts() const { return m_facts; }
  std::uint32_t editsOf(std::uint32_t call) const;
  // How many values the scrub rules would change in each call, by index; null or empty: none in any.
  void setScrubHits(std::shared_ptr<const std::vector<std::uint32_t>> hits);
  bool hasScrubHits() const { return m_scrubHits && !m_scrubHits->empty(); }
  std::uint32_t scrubHitsOf(std::uint32_t call) const {
    return m_scrubHits && call < m_scrubHits->size() ? (*m_scrubHits)[call] : 0;
  }

  // As it was typed, in the language of filter/query.h.
  QString filter() const { return m_filter; }
  // Rows follow at once, but for a search through much content: then they follow as calls are found. A filter
  // that cannot be read leaves the rows as they are.
  void setFilter(const QString& text);
  // What the rows are filtered by: the last filter that could be read.
  const Query& query() const { return m_query; }
  const std::optional<Error>& filterError() const { return m_filterError; }
  bool isSearching() const { return m_search.isRunning(); }
  double searchProgress() const { return m_search.progress(); }
  // Ends a search: the rows are those that were found by then.
  void stopSearch() { m_search.stop(); }
  bool wasStopped() const { return m_stopped; }
  // What `used` means; must outlive this.
  void showUse(const UsedCalls& used);

  CallColumn sortColumn() const { return m_column; }
  Qt::SortOrder sortOrder() const { return m_order; }
  // Whether the rows that changed() tells of are those of before and, at the end, others: the file has grown.
  bool hasOnlyGrown() const { return m_onlyGrown; }
  // Whether they changed because the file has grown, in whatever order they are.
  bool isGrowing() const { return m_growing; }
  // Calls that are equal in the column stay in recorded order.
  void sort(CallColumn column, Qt::SortOrder order);

 signals:
  void aboutToGrow(int first, int last);  // rows are added at the end; changed() follows
  void changed();                         // other rows, or another order
  void filterChanged();                   // the filter, whether it can be read, or how far the search is
  void scrubHitsChanged();

 private:
  void documentChanged(const SnapshotChange& change);
  void append(const AppendedCalls& appended);
  void countEdits();
  void refilter();
  void reconsider(const std::vector<std::uint32_t>& calls);
  FilterInput filterInput() const;
  bool isAnsweredAtOnce() const;
  void rebuild();
  void order(std::vector<std::uint32_t>& rows) const;

  Document& m_document;
  CallFacts m_facts;
  std::unordered_map<std::uint32_t, std::uint32_t> m_edits;  // by call index
  std::shared_ptr<const std::vector<std::uint32_t>> m_scrubHits;
  QString m_filter;
  Query m_query;
  std::optional<Error> m_filterError;
  const UsedCalls* m_used = nullptr;
  QuerySearch m_search;
  bool m_stopped = false;
  bool m_foundSome = false;               // of the search that runs
  std::vector<std::uint32_t> m_matching;  // calls that the query asks for, in recorded order
  CallColumn m_column = CallColumn::Number;
  Qt::SortOrder m_order = Qt::AscendingOrder;
  std::vector<std::uint32_t> m_rows;
  std::vector<std::uint32_t> m_rowOf;  // by call index
  bool m_onlyGrown = false;
  bool m_growing = false;
};

}  // namespace retake::gui
