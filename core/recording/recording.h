#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/byte_source.h"
#include "base/bytes.h"
#include "base/result.h"
#include "recording/entry.h"
#include "recording/ids.h"

namespace retake {

// Stands for every code that gRPC does not name.
inline constexpr std::int32_t kOtherStatusCode = 31;

// What is known of an entry without touching its bytes.
struct EntryInfo {
  EntryId id;
  EntryId ref;  // of the REQUEST or CREATE_STREAM it belongs to; none on those two, and where it dangles
  EntryKind kind = EntryKind::None;
  bool isError = false;
  bool hasMessage = false;
  bool edited = false;          // its bytes are not the file's
  bool hasExtras = false;       // entry_extras.h
  std::int32_t statusCode = 0;  // 0..16 or kOtherStatusCode; of use when isError and hasMessage
  std::uint32_t method = 0;     // for Recording::methodName
  std::uint32_t length = 0;     // bytes of the Entry message
  std::uint64_t offset = 0;     // bytes from the start of the source; of use when not edited
};

// A recording, as a value: it never changes, and an edit makes another one that shares nearly
// everything with it. Entries lie in chunks of about kChunkEntries that snapshots share, so an edit
// costs one chunk and the spine. Safe to read from any number of threads.
//
// An entry is reached by its position, 0-based, in recorded order. A position is good for one
// snapshot; an EntryId for all of them.
class Recording {
 public:
  static constexpr std::uint32_t kChunkEntries = 1024;
  static constexpr std::uint32_t kMaxMethods = 1u << 21;

  std::uint32_t size() const { return m_size; }
  EntryInfo info(std::uint32_t position) const;
  // Its bytes as they are, or will be, in a binary replay file; an Error when a file that is read
  // piece by piece has lost them.
  Result<Blob> bytes(std::uint32_t position) const;
  // Decoded; Unreadable entries have bytes and nothing else.
  Result<Entry> entry(std::uint32_t position) const;
  // Bytes of its message without the Any around it; 0 where there is none. Reads no file but for
  // entries whose wrapping is longer than 64 KiB.
  std::uint64_t messageSize(std::uint32_t position) const;
  // One step while nothing was inserted or removed, else a walk along the spine and through a chunk.
  std::optional<std::uint32_t> position(EntryId id) const;
  // Every id in it is below this: for tables by id.
  std::uint32_t idLimit() const { return m_lastId + 1; }

  // False where no entry has extras: most recordings. Stays true when the last of them is edited away.
  bool hasExtras() const { return m_hasExtras; }

  std::uint32_t methodCount() const;
  const std::string& methodName(std::uint32_t method) const;

  // The opaque bytes that the Go packages call the initial state; empty where there is none.
  Result<Blob> initialState() const;
  std::uint64_t initialStateSize() const { return m_initial.own ? m_initial.own->size() : m_initial.length; }
  bool initialStateEdited() const { return m_initial.own != nullptr; }
  // False for a file that ends right after its magic, which a recorder leaves that saw no call.
  bool hasHeader() const { return m_initial.present; }
  // What stands behind the last whole record: a cut tail. Empty when the file is whole.
  Result<Blob> tail() const;
  std::uint64_t tailOffset() const { return m_tailOffset; }
  std::uint64_t tailSize() const { return m_tailSize; }

  const std::shared_ptr<const ByteSource>& source() const { return m_source; }

  // Each of these gives the recording that differs in one thing. `bytes` is an Entry message of less
  // than 4 GiB; its ref_index does not matter, the entry keeps its `ref`.
  Recording withEntry(std::uint32_t position, std::string bytes) const;
  // Many at once, by ascending position: copies each chunk once.
  Recording withEntries(std::vector<std::pair<std::uint32_t, std::string>> entries) const;
  Recording withInserted(std::uint32_t position, std::string bytes, EntryId ref) const;
  Recording withoutEntry(std::uint32_t position) const;
  Recording withInitialState(std::string bytes) const;
  Recording withoutTail() const;
  // The same, but for the ids that inserted entries will get: `first` and above. So an entry does not get the
  // id of one that an undone edit had inserted, and that others may remember.
  Recording withNewIdsFrom(std::uint32_t first) const;
  // With what `longer` has more of the file, behind everything else: `longer` is what was read of the same file
  // when it had grown, without edits. Edits stay; entries of a call that was removed here are left out. Shares
  // the chunks of both; costs what is new and the spine.
  Recording withAppended(const Recording& longer) const;

  friend std::vector<EntryId> changedEntries(const Recording& before, const Recording& after);
  friend class RecordingBuilder;
  friend class CallGrouper;

 private:
  // 24 bytes: a million unary calls are two million of these.
  struct Record {
    std::uint64_t offset : 47;  // into the source, or into the chunk's own bytes
    std::uint64_t hasExtras : 1;
    std::uint64_t wrapping : 16;  // length - message size; kLongWrapping: count it
    std::uint32_t length;
    std::uint32_t id;
    std::uint32_t ref;
    std::uint32_t method : 21;
    std::uint32_t kind : 3;
    std::uint32_t code : 5;
    std::uint32_t isError : 1;
    std::uint32_t own : 1;
    std::uint32_t hasMessage : 1;
  };
  static_assert(sizeof(std::uint64_t) == 8);
  static constexpr std::uint64_t kLongWrapping = 0xffff;
  static constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << 47) - 1;

  struct Chunk {
    std::vector<Record> records;
    std::vector<std::shared_ptr<const std::string>> own;  // bytes of edited entries
    std::uint32_t minId = 0;
    std::uint32_t maxId = 0;
  };
  struct Link {
    std::shared_ptr<const Chunk> chunk;
    std::uint32_t first = 0;  // position of its first entry
  };
  struct Methods {
    std::vector<std::string> names;
  };
  struct Initial {
    bool present = false;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    std::shared_ptr<const std::string> own;
  };

  // What a Record has that its bytes do not say.
  struct RecordPlace {
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t id = 0;
    std::uint32_t ref = 0;
    std::uint32_t method = 0;
    bool own = false;
  };
  static Record makeRecord(const EntryFields& fields, const RecordPlace& place);
  static Record ownRecord(Chunk& chunk, std::string bytes, RecordPlace place);
  static void seal(Chunk& chunk);
  void replace(Chunk& chunk, Record& record, std::string bytes);
  static std::shared_ptr<const Chunk> part(const Chunk& chunk, std::size_t begin, std::size_t end);
  std::size_t linkOf(std::uint32_t position) const;
  const Record& record(std::uint32_t position, const Chunk** chunk = nullptr) const;
  std::uint32_t methodNumber(std::string_view name);  // adds it to a copy of the table
  void renumberFrom(std::size_t link);
  std::uint32_t firstBehind(std::uint64_t offset) const;
  void append(const std::shared_ptr<const Chunk>& chunk, std::size_t begin, bool share,
              const std::function<bool(Record&)>& keeps);

  std::shared_ptr<const ByteSource> m_source;
  std::vector<Link> m_spine;
  std::shared_ptr<const Methods> m_methods;
  Initial m_initial;
  std::uint64_t m_tailOffset = 0;
  std::uint64_t m_tailSize = 0;
  std::uint32_t m_size = 0;
  std::uint32_t m_lastId = 0;
  bool m_hasExtras = false;
  bool m_hasRemoved = false;  // entries, since it was read
};

// Ids of the entries that differ between two snapshots of one recording, or are in one of them alone;
// each once, ascending. Chunks that both share are not looked at.
std::vector<EntryId> changedEntries(const Recording& before, const Recording& after);

// Makes a Recording from the places of its records in a source, in order. For format readers.
class RecordingBuilder {
 public:
  explicit RecordingBuilder(std::shared_ptr<const ByteSource> source);
  // Goes on from `before`, which was read from the same bytes and is as it was read; `source` has more of them.
  // New entries get ids from `firstId` on, or from the first that is free.
  RecordingBuilder(const Recording& before, std::shared_ptr<const ByteSource> source, std::uint32_t firstId);

  void setInitialState(std::uint64_t offset, std::uint32_t length);
  // `bytes` are the `bytes.size()` bytes of the source at `offset`, an Entry message or not: what
  // cannot be read becomes an Unreadable entry. An Error when there are more entries or methods
  // than a Recording can hold.
  Result<void> add(std::uint64_t offset, ByteView bytes);
  void setTail(std::uint64_t offset, std::uint64_t size);
  Recording build() &&;

 private:
  std::uint32_t methodNumber(std::string_view name);

  Recording m_recording;
  std::shared_ptr<Recording::Chunk> m_chunk;
  Recording::Methods m_methods;
  std::unordered_map<std::string_view, std::uint32_t> m_methodNumbers;  // views into m_names
  std::vector<std::unique_ptr<std::string>> m_names;
  std::string_view m_lastName;
  std::uint32_t m_lastNumber = 0;
};

}  // namespace retake
