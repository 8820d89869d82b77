#include "calls/call_rows.h"

#include <QScopedValueRollback>
#include <algorithm>
#include <numeric>
#include <utility>

#include "base/byte_source.h"
#include "calls/radix_sort.h"
#include "calls/used_calls.h"
#include "document/document.h"
#include "recording/entry_times.h"

namespace retake::gui {
namespace {

using UsedIds = std::vector<bool>;

constexpr std::uint32_t kNotShown = 0xffffffff;

// A search through less than this is over within a frame or two.
constexpr std::uint64_t kSearchedAtOnce = 4'000'000;
constexpr std::uint32_t kEntriesAtOnce = 20'000;

// New calls whose messages are read as they come; more of them are looked through on another thread.
constexpr std::uint32_t kFilteredAtOnce = 5'000;

// The place of each method in the alphabet.
std::vector<std::uint32_t> methodRanks(const Recording& recording) {
  std::vector<std::uint32_t> order(recording.methodCount());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return recording.methodName(a) < recording.methodName(b);
  });
  std::vector<std::uint32_t> ranks(order.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

}  // namespace

CallRows::CallRows(Document& document, QObject* parent) : QObject(parent), m_document(document) {
  m_facts.rebuild(document.snapshot());
  connect(&document, &Document::changed, this, &CallRows::documentChanged);
  connect(&m_search, &QuerySearch::found, this, [this](const std::vector<std::uint32_t>& calls) {
    if (!calls.empty()) {
      // Until the first are found, those of the filter before stay.
      if (!std::exchange(m_foundSome, true)) m_matching.clear();
      m_matching.insert(m_matching.end(), calls.begin(), calls.end());
      rebuild();
    }
    emit filterChanged();
  });
  connect(&m_search, &QuerySearch::finished, this, [this](bool whole) {
    m_stopped = !whole;
    if (!std::exchange(m_foundSome, true)) {
      m_matching.clear();
      rebuild();
    }
    emit filterChanged();
  });
  refilter();
}

bool CallRows::contains(std::uint32_t call) const {
  return call < m_rowOf.size() && m_rowOf[call] != kNotShown;
}

std::optional<int> CallRows::rowOf(std::uint32_t call) const {
  return contains(call) ? std::optional(static_cast<int>(m_rowOf[call])) : std::nullopt;
}

std::uint32_t CallRows::editsOf(std::uint32_t call) const {
  const auto found = m_edits.find(call);
  return found == m_edits.end() ? 0 : found->second;
}

void CallRows::setScrubHits(std::shared_ptr<const std::vector<std::uint32_t>> hits) {
  m_scrubHits = std::move(hits);
  if (m_column == CallColumn::Scrubs) rebuild();
  emit scrubHitsChanged();
}

void CallRows::setFilter(const QString& text) {
  const QString filter = text.trimmed();
  if (filter == m_filter) return;
  m_filter = filter;
  const auto query = Query::parse(filter.toStdString());
  m_filterError = query ? std::nullopt : std::optional(query.error());
  if (query && query->text() != m_query.text()) {
    m_query = *query;
    refilter();
  }
  emit filterChanged();
}

void CallRows::showUse(const UsedCalls& used) {
  m_used = &used;
  connect(&used, &UsedCalls::added, this, [this](const std::vector<EntryId>& ids) {
    if (!m_query.asksFor(FilterFlag::Used)) return;
    const Snapshot& s = m_document.snapshot();
    std::vector<std::uint32_t> calls;
    for (const EntryId id : ids)
      if (const auto position = s.recording->position(id))
        if (const auto call = s.calls->indexOf(*s.recording, *position)) calls.push_back(*call);
    reconsider(calls);
  });
  connect(&used, &UsedCalls::cleared, this, [this] {
    if (m_query.asksFor(FilterFlag::Used)) refilter();
  });
}

void CallRows::sort(CallColumn column, Qt::SortOrder order) {
  if (column == m_column && order == m_order) return;
  m_column = column;
  m_order = order;
  rebuild();
}

void CallRows::documentChanged(const SnapshotChange& change) {
  const Snapshot& s = m_document.snapshot();
  if (change.workspace && !change.calls && change.entries.empty()) return;
  if (change.appended) {
    const QScopedValueRollback growing(m_growing, true);
    append(*change.appended);
    return;
  }
  countEdits();
  if (change.file || change.schema || change.calls) {
    m_facts.rebuild(s);
    if (change.file || change.calls) m_rowOf.clear();  // indices of before mean nothing now
    refilter();
    return;
  }
  std::vector<std::uint32_t> calls;
  for (const EntryId id : change.entries)
    if (const auto position = s.recording->position(id))
      if (const auto call = s.calls->indexOf(*s.recording, *position)) {
        m_facts.update(s, *call);
        calls.push_back(*call);
      }
  if (isFiltered()) reconsider(calls);
  // Neither the number nor the method of a call can be edited.
  const bool sameOrder = m_column == CallColumn::Number || m_column == CallColumn::Method;
  if (!sameOrder) rebuild();
}

// What is new is asked about, not everything.
void CallRows::append(const AppendedCalls& appended) {
  m_facts.append(m_document.snapshot(), appended);
  const std::uint32_t total = m_facts.size();
  if (isSearching() || (!m_query.isEmpty() && total - appended.first > kFilteredAtOnce)) {
    refilter();
    return;
  }
  const FilterInput input = filterInput();
  bool sameBefore = true;
  for (const std::uint32_t call : appended.grown) {
    const auto at = std::lower_bound(m_matching.begin(), m_matching.end(), call);
    const bool was = at != m_matching.end() && *at == call;
    if (m_query.isEmpty() || matches(m_query, input, call) == was) continue;
    sameBefore = false;
    if (was)
      m_matching.erase(at);
    else
      m_matching.insert(at, call);
  }
  const std::size_t before = m_matching.size();
  for (std::uint32_t call = appended.first; call < total; ++call)
    if (m_query.isEmpty() || matches(m_query, input, call)) m_matching.push_back(call);
  if (!sameBefore || m_column != CallColumn::Number || m_order != Qt::AscendingOrder ||
      m_rows.size() != before) {
    rebuild();
    return;
  }
  const QScopedValueRollback onlyGrown(m_onlyGrown, true);
  const auto begin = static_cast<int>(before);
  const auto end = static_cast<int>(m_matching.size());
  if (end > begin) emit aboutToGrow(begin, end - 1);
  m_rows.insert(m_rows.end(), m_matching.begin() + begin, m_matching.end());
  m_rowOf.resize(total, kNotShown);
  for (int row = begin; row < end; ++row)
    m_rowOf[m_rows[static_cast<std::size_t>(row)]] = static_cast<std::uint32_t>(row);
  emit changed();
}

void CallRows::countEdits() {
  m_edits.clear();
  const Snapshot& s = m_document.snapshot();
  for (const EntryId id : m_document.editedEntries())
    if (const auto position = s.recording->position(id))
      if (const auto call = s.calls->indexOf(*s.recording, *position)) ++m_edits[*call];
}

FilterInput CallRows::filterInput() const {
  const Snapshot& s = m_document.snapshot();
  FilterInput input{s.recording, s.calls, s.schema, {}};
  // Copies: another thread asks.
  std::shared_ptr<std::unordered_map<std::uint32_t, std::uint32_t>> edits;
  if (m_query.asksFor(FilterFlag::Edited))
    edits = std::make_shared<std::unordered_map<std::uint32_t, std::uint32_t>>(m_edits);
  std::shared_ptr<UsedIds> used;
  if (m_used && m_query.asksFor(FilterFlag::Used)) used = std::make_shared<UsedIds>(m_used->ids());
  if (!edits && !used) return input;
  input.flag = [edits, used, recording = s.recording, calls = s.calls](
                   FilterFlag flag, std::uint32_t call) -> std::optional<bool> {
    if (flag == FilterFlag::Edited && edits) return edits->contains(call);
    if (flag != FilterFlag::Used || !used) return std::nullopt;
    const std::uint32_t id = recording->info((*calls)[call].first).id.value;
    return id < used->size() && (*used)[id];
  };
  return input;
}

bool CallRows::isAnsweredAtOnce() const {
  if (m_query.cost() == QueryCost::Index) return true;
  const Recording& recording = *m_document.snapshot().recording;
  const auto& source = recording.source();
  return recording.size() <= kEntriesAtOnce && (!source || source->size() <= kSearchedAtOnce);
}

void CallRows::refilter() {
  m_search.abandon();
  m_stopped = false;
  if (m_query.isEmpty() || isAnsweredAtOnce()) {
    m_matching = filterCalls(m_query, filterInput());
    rebuild();
    return;
  }
  // Rows of before stay until some are found, but those of other calls.
  if (m_rowOf.size() != m_facts.size()) {
    m_matching.clear();
    rebuild();
  }
  m_foundSome = false;
  m_search.start(m_query, filterInput());
}

// Whether calls that have changed still are what the query asks for.
void CallRows::reconsider(const std::vector<std::uint32_t>& calls) {
  if (isSearching()) {
    refilter();
    return;
  }
  const FilterInput input = filterInput();
  bool any = false;
  for (const std::uint32_t call : calls) {
    const auto at = std::lower_bound(m_matching.begin(), m_matching.end(), call);
    const bool was = at != m_matching.end() && *at == call;
    if (matches(m_query, input, call) == was) continue;
    any = true;
    if (was)
      m_matching.erase(at);
    else
      m_matching.insert(at, call);
  }
  if (any) rebuild();
}

void CallRows::rebuild() {
  std::vector<std::uint32_t> rows = m_matching;
  order(rows);
  m_rowOf.assign(m_facts.size(), kNotShown);
  for (std::size_t row = 0; row < rows.size(); ++row) m_rowOf[rows[row]] = static_cast<std::uint32_t>(row);
  m_rows = std::move(rows);
  emit changed();
}

void CallRows::order(std::vector<std::uint32_t>& rows) const {
  const bool descending = m_order == Qt::DescendingOrder;
  if (m_column == CallColumn::Number) {
    if (descending) std::reverse(rows.begin(), rows.end());
    return;
  }
  const Snapshot& s = m_document.snapshot();
  std::vector<std::uint32_t> ranks;
  if (m_column == CallColumn::Method) ranks = methodRanks(*s.recording);
  // Those without a time come last, whichever way it goes.
  const auto timeKey = [&](std::optional<std::int64_t> nanos) -> std::uint64_t {
    if (!nanos) return descending ? 0 : ~std::uint64_t{0};
    return static_cast<std::uint64_t>(*nanos) ^ std::uint64_t{1} << 63;
  };
  const auto key = [&](std::uint32_t call) -> std::uint64_t {
    const CallFacts::Fact& fact = m_facts[call];
    switch (m_column) {
      case CallColumn::Number:
        return call;
      case CallColumn::Kind:
        return fact.kind;
      case CallColumn::Method:
        return ranks[fact.method];
      case CallColumn::Status: {
        // Those that went well, those without an end, then errors by code.
        const auto end = static_cast<CallEnd::Kind>(fact.end);
        return end == CallEnd::Kind::Ok ? 0u : end == CallEnd::Kind::Open ? 1u : 2u + fact.code;
      }
      case CallColumn::Start:
        return timeKey(callTime(*s.recording, *s.calls, call).start);
      case CallColumn::Duration:
        return timeKey(callTime(*s.recording, *s.calls, call).duration);
      case CallColumn::RequestSize:
        return callSizes(*s.recording, (*s.calls)[call]).request;
      case CallColumn::ResponseSize:
        return callSizes(*s.recording, (*s.calls)[call]).response;
      case CallColumn::Messages:
        return callSizes(*s.recording, (*s.calls)[call]).messages;
      case CallColumn::Edits:
        return editsOf(call);
      case CallColumn::Scrubs:
        return scrubHitsOf(call);
    }
    return 0;
  };
  std::vector<std::uint64_t> keys(rows.size());
  std::transform(rows.begin(), rows.end(), keys.begin(),
                 [&](std::uint32_t call) { return descending ? ~key(call) : key(call); });
  sortByKey(rows, std::move(keys));
}

}  // namespace retake::gui
