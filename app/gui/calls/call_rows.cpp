#include "calls/call_rows.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "calls/call_text.h"
#include "calls/radix_sort.h"
#include "document/document.h"

namespace retake::gui {
namespace {

constexpr std::uint32_t kNotShown = 0xffffffff;

// One word of the filter, asked of every method, kind and status once, so that a row is three lookups.
class WordMatch {
 public:
  WordMatch(const QString& word, const Recording& recording) : m_methods(recording.methodCount()) {
    const auto fits = [&word](const QString& text) { return text.contains(word, Qt::CaseInsensitive); };
    for (std::uint32_t method = 0; method < recording.methodCount(); ++method)
      m_methods[method] = fits(QString::fromStdString(recording.methodName(method)));
    for (std::size_t kind = 0; kind < m_kinds.size(); ++kind)
      m_kinds[kind] = fits(kindTitle(static_cast<CallKind>(kind)));
    m_open = fits(statusText({CallEnd::Kind::Open, 0, {}}));
    m_ok = fits(statusText({CallEnd::Kind::Ok, 0, {}}));
    for (std::size_t code = 0; code < m_errors.size(); ++code)
      m_errors[code] = fits(statusText({CallEnd::Kind::Error, static_cast<std::int32_t>(code), {}}));
    m_exact = word.startsWith(u'#');
    const QString digits = m_exact ? word.mid(1) : word;
    if (!digits.isEmpty() &&
        std::all_of(digits.begin(), digits.end(), [](QChar c) { return c >= u'0' && c <= u'9'; }))
      m_digits = digits.toStdString();
  }

  bool operator()(const CallFacts::Fact& fact, std::uint32_t call) const {
    if (m_methods[fact.method] || m_kinds[fact.kind]) return true;
    switch (static_cast<CallEnd::Kind>(fact.end)) {
      case CallEnd::Kind::Open:
        if (m_open) return true;
        break;
      case CallEnd::Kind::Ok:
        if (m_ok) return true;
        break;
      case CallEnd::Kind::Error:
        if (m_errors[fact.code]) return true;
        break;
    }
    if (m_digits.empty()) return false;
    const std::string number = std::to_string(call + 1);
    return m_exact ? number == m_digits : number.find(m_digits) != std::string::npos;
  }

 private:
  std::vector<std::uint8_t> m_methods;
  std::array<bool, 4> m_kinds{};
  std::array<bool, 32> m_errors{};
  bool m_open = false;
  bool m_ok = false;
  bool m_exact = false;
  std::string m_digits;
};

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
  rebuild();
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
  const QString filter = text.simplified();
  if (filter == m_filter) return;
  m_filter = filter;
  rebuild();
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
  countEdits();
  if (change.file || change.schema || change.calls) {
    m_facts.rebuild(s);
    rebuild();
    return;
  }
  for (const EntryId id : change.entries)
    if (const auto position = s.recording->position(id))
      if (const auto call = s.calls->indexOf(*s.recording, *position)) m_facts.update(s, *call);
  // Neither the number nor the method of a call can be edited.
  const bool sameOrder = m_column == CallColumn::Number || m_column == CallColumn::Method;
  if (isFiltered() || !sameOrder) rebuild();
}

void CallRows::countEdits() {
  m_edits.clear();
  const Snapshot& s = m_document.snapshot();
  for (const EntryId id : m_document.editedEntries())
    if (const auto position = s.recording->position(id))
      if (const auto call = s.calls->indexOf(*s.recording, *position)) ++m_edits[*call];
}

void CallRows::rebuild() {
  std::vector<std::uint32_t> rows = filtered();
  order(rows);
  m_rowOf.assign(m_facts.size(), kNotShown);
  for (std::size_t row = 0; row < rows.size(); ++row) m_rowOf[rows[row]] = static_cast<std::uint32_t>(row);
  m_rows = std::move(rows);
  emit changed();
}

std::vector<std::uint32_t> CallRows::filtered() const {
  std::vector<std::uint32_t> rows;
  if (!isFiltered()) {
    rows.resize(m_facts.size());
    std::iota(rows.begin(), rows.end(), 0u);
    return rows;
  }
  const Recording& recording = *m_document.snapshot().recording;
  std::vector<WordMatch> words;
  for (const QString& word : m_filter.split(u' ')) words.emplace_back(word, recording);
  for (std::uint32_t call = 0; call < m_facts.size(); ++call)
    if (std::all_of(words.begin(), words.end(),
                    [&](const WordMatch& fits) { return fits(m_facts[call], call); }))
      rows.push_back(call);
  return rows;
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
