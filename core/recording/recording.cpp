#include "recording/recording.h"

#include <algorithm>
#include <cassert>

namespace retake {
namespace {

constexpr std::int32_t kOtherCode = 31;

}  // namespace

Recording::Record Recording::makeRecord(const EntryFields& fields, std::uint32_t length) {
  Record record{};
  record.length = length;
  record.kind = static_cast<std::uint32_t>(fields.kind) & 7u;
  record.isError = fields.isError;
  record.hasMessage = fields.hasMessage;
  const bool named = fields.statusCode >= 0 && fields.statusCode <= 16;
  record.code = static_cast<std::uint32_t>(named ? fields.statusCode : kOtherCode) & 31u;
  record.wrapping = std::min<std::uint64_t>(length - fields.message.size(), kLongWrapping) & 0xffffu;
  return record;
}

std::size_t Recording::linkOf(std::uint32_t position) const {
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

const Recording::Record& Recording::record(std::uint32_t position, const Chunk** chunk) const {
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
  Entry entry{
      .id = {r.id}, .ref = {r.ref}, .callMethod = m_methods->names[r.method], .fields = {}, .bytes = *blob};
  if (static_cast<EntryKind>(r.kind) == EntryKind::Unreadable) {
    entry.fields.kind = EntryKind::Unreadable;
    return entry;
  }
  auto fields = parseEntry(entry.bytes.view);
  if (!fields)
    return Error{m_source->name() + ": entry " + std::to_string(position + 1) +
                     " is not what it was when the file was opened: " + fields.error().message,
                 r.offset, position + 1};
  entry.fields = *fields;
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
  for (const Link& link : m_spine)
    for (std::size_t i = 0; i < link.chunk->records.size(); ++i)
      if (link.chunk->records[i].id == id.value) return link.first + static_cast<std::uint32_t>(i);
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

Recording::Record Recording::ownRecord(Chunk& chunk, std::string bytes) {
  const auto fields = parseEntry(bytes);
  EntryFields unreadable;
  unreadable.kind = EntryKind::Unreadable;
  Record made = makeRecord(fields ? *fields : unreadable, static_cast<std::uint32_t>(bytes.size()));
  made.own = 1;
  made.offset = chunk.own.size() & 0xffffffffffffu;
  chunk.own.push_back(std::make_shared<const std::string>(std::move(bytes)));
  return made;
}

Recording Recording::withEntry(std::uint32_t position, std::string bytes) const {
  Recording after = *this;
  Link& link = after.m_spine[linkOf(position)];
  auto chunk = std::make_shared<Chunk>(*link.chunk);
  Record& old = chunk->records[position - link.first];
  Record made = after.ownRecord(*chunk, std::move(bytes));
  made.id = old.id;
  made.ref = old.ref;
  made.method = old.method;
  if (old.own) {  // one slot an entry: a thousand edits of one do not keep a thousand versions
    std::swap(chunk->own[old.offset], chunk->own.back());
    chunk->own.pop_back();
    made.offset = old.offset;
  }
  old = made;
  link.chunk = std::move(chunk);
  return after;
}

Recording Recording::withInserted(std::uint32_t position, std::string bytes, EntryId ref) const {
  assert(position <= m_size);
  Recording after = *this;
  if (after.m_spine.empty()) after.m_spine.push_back({std::make_shared<Chunk>(), 0});
  const std::size_t at = position == m_size ? after.m_spine.size() - 1 : linkOf(position);
  Link& link = after.m_spine[at];
  auto chunk = std::make_shared<Chunk>(*link.chunk);
  const auto parsed = parseEntry(bytes);
  const std::string method(parsed ? parsed->method : std::string_view());
  Record made = after.ownRecord(*chunk, std::move(bytes));
  made.id = ++after.m_lastId;
  made.ref = ref.value;
  const auto owner = after.m_size == 0 ? std::nullopt : this->position(ref);
  made.method = (owner ? record(*owner).method : after.methodNumber(method)) & (kMaxMethods - 1);
  chunk->records.insert(chunk->records.begin() + (position - link.first), made);
  link.chunk = std::move(chunk);
  after.renumberFrom(at);
  return after;
}

Recording Recording::withoutEntry(std::uint32_t position) const {
  Recording after = *this;
  const std::size_t at = linkOf(position);
  auto chunk = std::make_shared<Chunk>(*after.m_spine[at].chunk);
  chunk->records.erase(chunk->records.begin() + (position - after.m_spine[at].first));
  after.m_spine[at].chunk = std::move(chunk);
  if (after.m_spine[at].chunk->records.empty())
    after.m_spine.erase(after.m_spine.begin() + static_cast<std::ptrdiff_t>(at));
  after.renumberFrom(at);
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

std::vector<EntryId> changedEntries(const Recording& before, const Recording& after) {
  std::vector<EntryId> changed;
  if (before.m_size == after.m_size) {
    bool sameShape = before.m_spine.size() == after.m_spine.size();
    for (std::size_t i = 0; sameShape && i < before.m_spine.size(); ++i)
      sameShape = before.m_spine[i].first == after.m_spine[i].first;
    if (sameShape) {
      for (std::size_t i = 0; i < before.m_spine.size(); ++i) {
        const auto& a = *before.m_spine[i].chunk;
        const auto& b = *after.m_spine[i].chunk;
        if (&a == &b) continue;
        for (std::size_t k = 0; k < a.records.size(); ++k) {
          const auto& x = a.records[k];
          const auto& y = b.records[k];
          const bool same = x.id == y.id && x.own == y.own &&
                            (x.own ? a.own[x.offset] == b.own[y.offset] : x.offset == y.offset);
          if (same) continue;
          changed.push_back({x.id});
          if (x.id != y.id) changed.push_back({y.id});
        }
      }
      return changed;
    }
  }
  // Entries were inserted or removed: compare by id.
  const auto shared = [](const Recording& r, const Recording::Link& link) {
    return std::any_of(r.m_spine.begin(), r.m_spine.end(),
                       [&](const auto& other) { return other.chunk == link.chunk; });
  };
  const auto content = [](const Recording& r, std::uint32_t position) {
    const Recording::Chunk* chunk = nullptr;
    const auto& record = r.record(position, &chunk);
    return record.own ? static_cast<const void*>(chunk->own[record.offset].get())
                      : reinterpret_cast<const void*>(record.offset + 1);
  };
  const auto collect = [&](const Recording& from, const Recording& to, bool alsoDiffering) {
    for (const auto& link : from.m_spine) {
      if (shared(to, link)) continue;
      for (std::uint32_t k = 0; k < link.chunk->records.size(); ++k) {
        const EntryId id{link.chunk->records[k].id};
        const auto there = to.position(id);
        if (!there || (alsoDiffering && content(from, link.first + k) != content(to, *there)))
          changed.push_back(id);
      }
    }
  };
  collect(before, after, true);
  collect(after, before, false);
  return changed;
}

RecordingBuilder::RecordingBuilder(std::shared_ptr<const ByteSource> source) {
  m_recording.m_source = std::move(source);
  m_recording.m_tailOffset = m_recording.m_source->size();
}

void RecordingBuilder::setInitialState(std::uint64_t offset, std::uint32_t length) {
  m_recording.m_initial = {.present = true, .offset = offset, .length = length, .own = nullptr};
}

void RecordingBuilder::setTail(std::uint64_t offset, std::uint64_t size) {
  m_recording.m_tailOffset = offset;
  m_recording.m_tailSize = size;
}

std::uint32_t RecordingBuilder::methodNumber(std::string_view name) {
  if (name == m_lastName && !m_names.empty()) return m_lastNumber;
  auto found = m_methodNumbers.find(name);
  if (found == m_methodNumbers.end()) {
    m_names.push_back(std::make_unique<std::string>(name));
    found = m_methodNumbers.emplace(*m_names.back(), static_cast<std::uint32_t>(m_names.size() - 1)).first;
  }
  m_lastName = found->first;
  m_lastNumber = found->second;
  return m_lastNumber;
}

Result<void> RecordingBuilder::add(std::uint64_t offset, ByteView bytes) {
  Recording& r = m_recording;
  const std::uint32_t position = r.m_size;
  const auto tooMany = [&](const char* what) {
    return Error{r.m_source->name() + ": entry " + std::to_string(position + 1) + ": more " + what +
                     " than a recording can hold",
                 offset, position + 1};
  };
  if (position == 0xfffffffeu) return tooMany("entries");
  const auto parsed = parseEntry(bytes);
  EntryFields fields;
  if (parsed)
    fields = *parsed;
  else
    fields.kind = EntryKind::Unreadable;
  Recording::Record record = Recording::makeRecord(fields, static_cast<std::uint32_t>(bytes.size()));
  record.offset = offset & 0xffffffffffffu;
  record.id = position + 1;

  std::uint32_t method = 0;
  const bool refers =
      fields.kind == EntryKind::Response || fields.kind == EntryKind::Send || fields.kind == EntryKind::Recv;
  bool named = false;
  if (refers && fields.refIndex >= 1 && static_cast<std::uint32_t>(fields.refIndex) <= position) {
    const auto target = static_cast<std::uint32_t>(fields.refIndex) - 1;
    const auto& chunk = target / Recording::kChunkEntries == r.m_spine.size()
                            ? *m_chunk
                            : *r.m_spine[target / Recording::kChunkEntries].chunk;
    const auto& owner = chunk.records[target % Recording::kChunkEntries];
    const auto wanted = fields.kind == EntryKind::Response ? EntryKind::Request : EntryKind::CreateStream;
    if (owner.kind == static_cast<std::uint32_t>(wanted)) {
      record.ref = owner.id;
      method = owner.method;  // Go's writer leaves method empty on all three
      named = true;
    }
  }
  if (!named) method = methodNumber(fields.method);
  if (method >= Recording::kMaxMethods) return tooMany("methods");
  record.method = method & (Recording::kMaxMethods - 1);

  if (!m_chunk) {
    m_chunk = std::make_shared<Recording::Chunk>();
    m_chunk->records.reserve(Recording::kChunkEntries);
  }
  m_chunk->records.push_back(record);
  ++r.m_size;
  if (m_chunk->records.size() == Recording::kChunkEntries) {
    r.m_spine.push_back({std::move(m_chunk), position + 1 - Recording::kChunkEntries});
    m_chunk = nullptr;
  }
  return {};
}

Recording RecordingBuilder::build() && {
  Recording& r = m_recording;
  if (m_chunk) {
    const auto count = static_cast<std::uint32_t>(m_chunk->records.size());
    m_chunk->records.shrink_to_fit();
    r.m_spine.push_back({std::move(m_chunk), r.m_size - count});
  }
  for (auto& name : m_names) m_methods.names.push_back(std::move(*name));
  if (m_methods.names.empty()) m_methods.names.emplace_back();
  r.m_methods = std::make_shared<const Recording::Methods>(std::move(m_methods));
  r.m_lastId = r.m_size;
  return std::move(r);
}

}  // namespace retake
