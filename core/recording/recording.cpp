#include "recording/recording.h"

#include <algorithm>
#include <cassert>
#include <unordered_set>
#include <utility>

namespace retake {

void Recording::seal(Chunk& chunk) {
  const auto byId = [](const Record& a, const Record& b) { return a.id < b.id; };
  const auto [least, greatest] = std::minmax_element(chunk.records.begin(), chunk.records.end(), byId);
  if (least == chunk.records.end()) return;
  chunk.minId = least->id;
  chunk.maxId = greatest->id;
}

std::shared_ptr<const Recording::Chunk> Recording::part(const Chunk& chunk, std::size_t begin,
                                                        std::size_t end) {
  auto made = std::make_shared<Chunk>();
  for (; begin < end; ++begin) {
    Record record = chunk.records[begin];
    if (record.own) {
      made->own.push_back(chunk.own[record.offset]);
      record.offset = (made->own.size() - 1) & kOffsetMask;
    }
    made->records.push_back(record);
  }
  seal(*made);
  return made;
}

// This and the next stand behind whatever is asked of an entry, and are short.
inline std::size_t Recording::linkOf(std::uint32_t position) const {
  assert(position < m_size);
  // Right at once as long as nothing was inserted or removed.
  const std::size_t guess = position / kChunkEntries;
  if (guess < m_spine.size() && m_spine[guess].first <= position &&
      position < m_spine[guess].first + m_spine[guess].chunk->records.size())
    return guess;
  const auto after = std::upper_bound(m_spine.begin(), m_spine.end(), position,
                                      [](std::uint32_t p, const Link& link) { return p < link.first; });
  return static_cast<std::size_t>(after - m_spine.begin()) - 1;
}

inline const Recording::Record& Recording::record(std::uint32_t position, const Chunk** chunk) const {
  const Link& link = m_spine[linkOf(position)];
  if (chunk) *chunk = link.chunk.get();
  return link.chunk->records[position - link.first];
}

EntryInfo Recording::info(std::uint32_t position) const {
  const Record& r = record(position);
  return {.id = {r.id},
          .ref = {r.ref},
          .kind = static_cast<EntryKind>(r.kind),
          .isError = r.isError != 0,
          .hasMessage = r.hasMessage != 0,
          .edited = r.own != 0,
          .hasExtras = r.hasExtras != 0,
          .statusCode = static_cast<std::int32_t>(r.code),
          .method = r.method,
          .length = r.length,
          .offset = r.own ? 0 : r.offset};
}

Result<Blob> Recording::bytes(std::uint32_t position) const {
  const Chunk* chunk = nullptr;
  const Record& r = record(position, &chunk);
  if (r.own) {
    const auto& own = chunk->own[r.offset];
    return Blob{*own, own};
  }
  return m_source->read(r.offset, r.length);
}

Result<Entry> Recording::entry(std::uint32_t position) const {
  auto blob = bytes(position);
  if (!blob) return blob.error();
  const Record& r = record(position);
  Entry entry{.id = {r.id},
              .ref = {r.ref},
              .callMethod = m_methods->names[r.method],
              .fields = {},
              .bytes = *std::move(blob)};
  if (static_cast<EntryKind>(r.kind) == EntryKind::Unreadable) {
    entry.fields.kind = EntryKind::Unreadable;
    return entry;
  }
  if (const auto error = parseEntry(entry.bytes.view, entry.fields))
    return Error{m_source->name() + ": entry " + std::to_string(position + 1) +
                     " is not what it was when the file was opened: " + error->message,
                 r.offset, position + 1};
  return entry;
}

std::uint64_t Recording::messageSize(std::uint32_t position) const {
  const Record& r = record(position);
  if (!r.hasMessage) return 0;
  if (r.wrapping != kLongWrapping) return r.length - r.wrapping;
  const auto decoded = entry(position);
  return decoded ? decoded->fields.message.size() : 0;
}

std::optional<std::uint32_t> Recording::position(EntryId id) const {
  if (!id) return std::nullopt;
  // Right at once as long as nothing was inserted or removed.
  if (id.value <= m_size && record(id.value - 1).id == id.value) return id.value - 1;
  // Near where it was when the recording was read, as a rule.
  const std::size_t guess = (id.value - 1) / kChunkEntries;
  const std::size_t count = m_spine.size();
  for (std::size_t step = 0; step < count; ++step) {
    const Link& link = m_spine[((guess < 2 ? 0 : guess - 2) + step) % count];
    if (id.value < link.chunk->minId || id.value > link.chunk->maxId) continue;
    const auto& records = link.chunk->records;
    const auto found =
        std::find_if(records.begin(), records.end(), [&](const Record& r) { return r.id == id.value; });
    if (found != records.end()) return link.first + static_cast<std::uint32_t>(found - records.begin());
  }
  return std::nullopt;
}

std::uint32_t Recording::methodCount() const { return static_cast<std::uint32_t>(m_methods->names.size()); }

const std::string& Recording::methodName(std::uint32_t method) const { return m_methods->names[method]; }

Result<Blob> Recording::initialState() const {
  if (m_initial.own) return Blob{*m_initial.own, m_initial.own};
  if (!m_initial.present) return Blob{};
  return m_source->read(m_initial.offset, m_initial.length);
}

Result<Blob> Recording::tail() const { return m_source->read(m_tailOffset, m_tailSize); }

std::uint32_t Recording::methodNumber(std::string_view name) {
  const auto& names = m_methods->names;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
  auto methods = std::make_shared<Methods>(*m_methods);
  methods->names.emplace_back(name);
  m_methods = std::move(methods);
  return methodCount() - 1;
}

void Recording::renumberFrom(std::size_t link) {
  std::uint32_t first = link == 0 ? 0
                                  : m_spine[link - 1].first +
                                        static_cast<std::uint32_t>(m_spine[link - 1].chunk->records.size());
  for (; link < m_spine.size(); ++link) {
    m_spine[link].first = first;
    first += static_cast<std::uint32_t>(m_spine[link].chunk->records.size());
  }
  m_size = first;
}

// Adds `bytes` to the chunk and gives the record for them.
Recording::Record Recording::ownRecord(Chunk& chunk, std::string bytes, RecordPlace place) {
  const auto parsed = parseEntry(bytes);
  EntryFields unreadable;
  unreadable.kind = EntryKind::Unreadable;
  place.offset = chunk.own.size();
  place.length = static_cast<std::uint32_t>(bytes.size());
  place.own = true;
  const Record made = makeRecord(parsed ? *parsed : unreadable, place);
  chunk.own.push_back(std::make_shared<const std::string>(std::move(bytes)));
  return made;
}

void Recording::replace(Chunk& chunk, Record& record, std::string bytes) {
  const Record old = record;
  record =
      ownRecord(chunk, std::move(bytes),
                {.offset = 0, .length = 0, .id = old.id, .ref = old.ref, .method = old.method, .own = true});
  if (old.own) {  // one slot an entry: a thousand edits of one do not keep a thousand versions
    std::swap(chunk.own[old.offset], chunk.own.back());
    chunk.own.pop_back();
    record.offset = old.offset;
  }
  m_hasExtras = m_hasExtras || record.hasExtras;
}

Recording Recording::withEntry(std::uint32_t position, std::string bytes) const {
  std::vector<std::pair<std::uint32_t, std::string>> one;
  one.emplace_back(position, std::move(bytes));
  return withEntries(std::move(one));
}

Recording Recording::withEntries(std::vector<std::pair<std::uint32_t, std::string>> entries) const {
  Recording after = *this;
  for (auto entry = entries.begin(); entry != entries.end();) {
    Link& link = after.m_spine[linkOf(entry->first)];
    auto chunk = std::make_shared<Chunk>(*link.chunk);
    for (; entry != entries.end() && entry->first - link.first < chunk->records.size(); ++entry)
      after.replace(*chunk, chunk->records[entry->first - link.first], std::move(entry->second));
    link.chunk = std::move(chunk);
  }
  return after;
}

Recording Recording::withInserted(std::uint32_t position, std::string bytes, EntryId ref) const {
  assert(position <= m_size);
  Recording after = *this;
  const bool atEnd = position == m_size;
  // At the end of a full chunk a new one begins, so that appending does not copy more and more.
  if (atEnd && (m_spine.empty() || m_spine.back().chunk->records.size() >= kChunkEntries))
    after.m_spine.push_back({std::make_shared<Chunk>(), m_size});
  const std::size_t at = atEnd ? after.m_spine.size() - 1 : linkOf(position);
  auto chunk = std::make_shared<Chunk>(*after.m_spine[at].chunk);

  std::string method;
  if (const auto parsed = parseEntry(bytes)) method = parsed->method;
  const auto owner = this->position(ref);
  const Record made = ownRecord(*chunk, std::move(bytes),
                                {.offset = 0,
                                 .length = 0,
                                 .id = ++after.m_lastId,
                                 .ref = owner ? ref.value : 0,
                                 .method = owner ? record(*owner).method : after.methodNumber(method),
                                 .own = true});
  after.m_hasExtras = after.m_hasExtras || made.hasExtras;
  chunk->records.insert(chunk->records.begin() + (position - after.m_spine[at].first), made);
  seal(*chunk);

  if (const std::size_t count = chunk->records.size(); count > 2 * kChunkEntries) {
    after.m_spine[at].chunk = part(*chunk, 0, count / 2);
    after.m_spine.insert(after.m_spine.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                         {part(*chunk, count / 2, count), 0});
  } else {
    after.m_spine[at].chunk = std::move(chunk);
  }
  after.renumberFrom(at);
  return after;
}

Recording Recording::withoutEntry(std::uint32_t position) const {
  Recording after = *this;
  const std::size_t at = linkOf(position);
  auto chunk = std::make_shared<Chunk>(*after.m_spine[at].chunk);
  const auto gone = chunk->records.begin() + (position - after.m_spine[at].first);
  if (gone->own) chunk->own[gone->offset] = nullptr;
  chunk->records.erase(gone);
  seal(*chunk);
  if (chunk->records.empty())
    after.m_spine.erase(after.m_spine.begin() + static_cast<std::ptrdiff_t>(at));
  else
    after.m_spine[at].chunk = std::move(chunk);
  after.renumberFrom(at);
  after.m_hasRemoved = true;
  return after;
}

Recording Recording::withInitialState(std::string bytes) const {
  Recording after = *this;
  after.m_initial.present = true;
  after.m_initial.own = std::make_shared<const std::string>(std::move(bytes));
  return after;
}

Recording Recording::withoutTail() const {
  Recording after = *this;
  after.m_tailSize = 0;
  return after;
}

Recording Recording::withNewIdsFrom(std::uint32_t first) const {
  Recording after = *this;
  if (first > 0) after.m_lastId = std::max(m_lastId, first - 1);
  return after;
}

// Of entries that lie in the order of their offsets, as they were read.
std::uint32_t Recording::firstBehind(std::uint64_t offset) const {
  const auto link =
      std::partition_point(m_spine.begin(), m_spine.end(),
                           [&](const Link& l) { return l.chunk->records.back().offset < offset; });
  if (link == m_spine.end()) return m_size;
  const auto& records = link->chunk->records;
  const auto found = std::partition_point(records.begin(), records.end(),
                                          [&](const Record& r) { return r.offset < offset; });
  return link->first + static_cast<std::uint32_t>(found - records.begin());
}

// The records of `chunk` from `begin` on; those before are in the last chunk already.
void Recording::append(const std::shared_ptr<const Chunk>& chunk, std::size_t begin, bool share,
                       const std::function<bool(Record&)>& keeps) {
  const std::shared_ptr<const Chunk> last = m_spine.empty() ? nullptr : m_spine.back().chunk;
  const auto same = [](const Record& a, const Record& b) {
    return a.id == b.id && a.offset == b.offset && a.own == b.own && a.method == b.method;
  };
  if (share && begin == 0) {
    m_spine.push_back({chunk, 0});
    return;
  }
  if (share && last && last->records.size() == begin &&
      std::equal(last->records.begin(), last->records.end(), chunk->records.begin(), same)) {
    m_spine.back().chunk = chunk;
    return;
  }
  // Into the chunk that was edited, so that there is not one for each time that the file has grown.
  const std::size_t count = chunk->records.size() - begin;
  const bool joins = begin > 0 && last && last->records.size() + count <= 2 * kChunkEntries;
  auto made = joins ? std::make_shared<Chunk>(*last) : std::make_shared<Chunk>();
  for (std::size_t i = begin; i < chunk->records.size(); ++i) {
    Record record = chunk->records[i];
    if (keeps(record)) made->records.push_back(record);
  }
  if (made->records.empty()) return;
  seal(*made);
  if (joins)
    m_spine.back().chunk = std::move(made);
  else
    m_spine.push_back({std::move(made), 0});
}

Recording Recording::withAppended(const Recording& longer) const {
  Recording after = *this;
  after.m_source = longer.m_source;
  if (!after.m_initial.own) after.m_initial = longer.m_initial;
  after.m_tailOffset = longer.m_tailOffset;
  after.m_tailSize = longer.m_tailSize;
  after.m_lastId = std::max(m_lastId, longer.m_lastId);
  after.m_hasExtras = m_hasExtras || longer.m_hasExtras;
  const std::uint32_t from = longer.firstBehind(m_tailOffset);
  if (from == longer.m_size) return after;

  const auto& mine = m_methods->names;
  const auto& theirs = longer.m_methods->names;
  const bool sameMethods =
      m_methods == longer.m_methods || m_size == 0 ||
      (mine.size() <= theirs.size() && std::equal(mine.begin(), mine.end(), theirs.begin()));
  if (sameMethods) after.m_methods = longer.m_methods;
  const std::uint32_t firstId = longer.record(from).id;
  // Entries refer to those before them: to a new one, or to one that may have been removed here.
  const auto isGone = [&](const Record& r) { return r.ref != 0 && r.ref < firstId && !position({r.ref}); };
  const std::function<bool(Record&)> keeps = [&](Record& r) {
    if (m_hasRemoved && isGone(r)) return false;
    if (!sameMethods) r.method = after.methodNumber(theirs[r.method]) & (kMaxMethods - 1);
    return true;
  };
  const std::size_t firstLink = after.m_spine.empty() ? 0 : after.m_spine.size() - 1;
  const std::size_t begins = longer.linkOf(from);
  for (std::size_t link = begins; link < longer.m_spine.size(); ++link) {
    const auto& chunk = longer.m_spine[link].chunk;
    const std::size_t begin = link == begins ? from - longer.m_spine[link].first : 0;
    const auto first = chunk->records.begin() + static_cast<std::ptrdiff_t>(begin);
    const bool whole = !m_hasRemoved || std::none_of(first, chunk->records.end(), isGone);
    after.append(chunk, begin, sameMethods && whole, keeps);
  }
  after.renumberFrom(firstLink);
  return after;
}

std::vector<EntryId> changedEntries(const Recording& before, const Recording& after) {
  using Content = std::pair<const std::string*, std::uint64_t>;
  struct Row {
    std::uint32_t id;
    Content content;
  };
  // An entry that either snapshot has outside the chunks they share is in no shared chunk of the other.
  const auto unshared = [](const Recording& of, const Recording& than) {
    std::unordered_set<const Recording::Chunk*> shared;
    for (const auto& link : than.m_spine) shared.insert(link.chunk.get());
    std::vector<Row> rows;
    for (const auto& link : of.m_spine) {
      if (shared.contains(link.chunk.get())) continue;
      for (const auto& record : link.chunk->records)
        rows.push_back({record.id, record.own ? Content(link.chunk->own[record.offset].get(), 0)
                                              : Content(nullptr, record.offset)});
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
    return rows;
  };
  const std::vector<Row> left = unshared(before, after);
  const std::vector<Row> right = unshared(after, before);
  std::vector<EntryId> changed;
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    if (b == right.end() || (a != left.end() && a->id < b->id)) {
      changed.push_back({(a++)->id});
    } else if (a == left.end() || b->id < a->id) {
      changed.push_back({(b++)->id});
    } else {
      if (a->content != b->content) changed.push_back({a->id});
      ++a;
      ++b;
    }
  }
  return changed;
}

}  // namespace retake
