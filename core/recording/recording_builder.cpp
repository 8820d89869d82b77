#include "recording/recording.h"

#include <algorithm>
#include <cassert>

namespace retake {

// All bits in one go: set one by one, they are written and read back a byte at a time.
Recording::Record Recording::makeRecord(const EntryFields& fields, const RecordPlace& place) {
  const bool named = fields.statusCode >= 0 && fields.statusCode <= 16;
  const std::uint64_t wrapping = std::min<std::uint64_t>(place.length - fields.message.size(), kLongWrapping);
  return {.offset = place.offset & kOffsetMask,
          .hasExtras = fields.hasExtras,
          .wrapping = wrapping & 0xffffu,
          .length = place.length,
          .id = place.id,
          .ref = place.ref,
          .method = place.method & (kMaxMethods - 1),
          .kind = static_cast<std::uint32_t>(fields.kind) & 7u,
          .code = static_cast<std::uint32_t>(named ? fields.statusCode : kOtherStatusCode) & 31u,
          .isError = fields.isError,
          .own = place.own,
          .hasMessage = fields.hasMessage};
}

RecordingBuilder::RecordingBuilder(std::shared_ptr<const ByteSource> source) {
  m_recording.m_source = std::move(source);
  m_recording.m_tailOffset = m_recording.m_source->size();
}

RecordingBuilder::RecordingBuilder(const Recording& before, std::shared_ptr<const ByteSource> source,
                                   std::uint32_t firstId)
    : m_recording(before.withNewIdsFrom(firstId)) {
  m_recording.m_source = std::move(source);
  for (const std::string& name : before.m_methods->names) {
    m_names.push_back(std::make_unique<std::string>(name));
    m_methodNumbers.emplace(*m_names.back(), static_cast<std::uint32_t>(m_names.size() - 1));
  }
  if (before.m_size == 0) {  // what stands in the table then is there so that it is not empty
    m_names.clear();
    m_methodNumbers.clear();
  }
  auto& spine = m_recording.m_spine;
  assert(before.m_size <= spine.size() * Recording::kChunkEntries && !before.m_hasRemoved);
  if (spine.empty() || spine.back().chunk->records.size() == Recording::kChunkEntries) return;
  m_chunk = std::make_shared<Recording::Chunk>(*spine.back().chunk);
  spine.pop_back();
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
  if (r.m_lastId >= 0xfffffffeu) return tooMany("entries");
  EntryFields fields;
  if (parseEntry(bytes, fields)) {
    fields = {};
    fields.kind = EntryKind::Unreadable;
  }

  Recording::RecordPlace place{.offset = offset,
                               .length = static_cast<std::uint32_t>(bytes.size()),
                               .id = r.m_lastId + 1,
                               .ref = 0,
                               .method = 0,
                               .own = false};
  const bool refers =
      fields.kind == EntryKind::Response || fields.kind == EntryKind::Send || fields.kind == EntryKind::Recv;
  if (refers && fields.refIndex >= 1 && static_cast<std::uint32_t>(fields.refIndex) <= position) {
    const auto target = static_cast<std::uint32_t>(fields.refIndex) - 1;
    const auto& chunk = target / Recording::kChunkEntries == r.m_spine.size()
                            ? *m_chunk
                            : *r.m_spine[target / Recording::kChunkEntries].chunk;
    const auto& owner = chunk.records[target % Recording::kChunkEntries];
    const auto wanted = fields.kind == EntryKind::Response ? EntryKind::Request : EntryKind::CreateStream;
    if (owner.kind == static_cast<std::uint32_t>(wanted)) {
      place.ref = owner.id;
      place.method = owner.method;  // Go's writer leaves method empty on all three
    }
  }
  if (place.ref == 0) place.method = methodNumber(fields.method);
  if (place.method >= Recording::kMaxMethods) return tooMany("methods");

  if (!m_chunk) {
    m_chunk = std::make_shared<Recording::Chunk>();
    m_chunk->records.reserve(Recording::kChunkEntries);
    m_chunk->minId = place.id;
  }
  m_chunk->records.push_back(Recording::makeRecord(fields, place));
  r.m_hasExtras = r.m_hasExtras || fields.hasExtras;
  m_chunk->maxId = place.id;
  r.m_lastId = place.id;
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
  // The same table where nothing was added: what is equal is told at a glance.
  if (!r.m_methods || r.m_methods->names.size() != m_methods.names.size() || r.m_methods->names != m_methods.names)
    r.m_methods = std::make_shared<const Recording::Methods>(std::move(m_methods));
  return std::move(r);
}

}  // namespace retake
