// The binary replay file of cloud.google.com/go/rpcreplay and github.com/google/go-replayers/grpcreplay:
//
//   file   := "RPCReplay" header entry*       no version, no terminator
//   record := u32 little-endian length, then that many bytes
//   header := record                          the initial state
//   entry  := record holding one Entry message (proto/retake/replay_file.proto)
#include "format/replay_binary.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <vector>

namespace retake {
namespace {

constexpr std::string_view kMagic = "RPCReplay";
constexpr std::uint64_t kLengthBytes = 4;
// How much of a file that is not in memory is read at a time.
constexpr std::uint64_t kWindow = 8u << 20;
// How often a Task is asked and told, in entries.
constexpr std::uint32_t kTaskStep = 16384;

std::uint32_t readLength(const char* at) {
  std::uint32_t length = 0;
  for (int i = 3; i >= 0; --i) length = length << 8 | static_cast<unsigned char>(at[i]);
  return length;
}

// The records of a source, one after another, read through a window where it lies in no buffer.
class RecordReader {
 public:
  RecordReader(const ByteSource& source, std::uint64_t offset)
      : m_source(source), m_whole(source.buffer()), m_size(source.size()), m_offset(offset) {}

  struct Record {
    std::uint64_t offset = 0;  // of the bytes behind the length
    ByteView bytes;            // good until the next call
  };
  // False at the end, where the rest is no whole record (offset() says where that begins), and when
  // the source could not be read: then there is an error().
  bool next(Record& record) {
    const std::uint64_t left = m_size - m_offset;
    ByteView prefix;
    if (left < kLengthBytes || !view(m_offset, kLengthBytes, prefix)) return false;
    const std::uint32_t length = readLength(prefix.data());
    if (length > left - kLengthBytes) return false;
    record.offset = m_offset + kLengthBytes;
    if (!view(record.offset, length, record.bytes)) return false;
    m_offset = record.offset + length;
    return true;
  }
  std::uint64_t offset() const { return m_offset; }
  const std::optional<Error>& error() const { return m_error; }

 private:
  bool view(std::uint64_t offset, std::uint64_t length, ByteView& bytes) {
    if (m_whole.data() == nullptr) return viewThroughWindow(offset, length, bytes);
    bytes = {m_whole.data() + offset, length};
    return true;
  }

  bool viewThroughWindow(std::uint64_t offset, std::uint64_t length, ByteView& bytes) {
    if (offset < m_windowOffset || offset + length > m_windowOffset + m_window.view.size()) {
      auto window = m_source.read(offset, std::min(std::max(length, kWindow), m_size - offset));
      if (!window) {
        m_error = window.error();
        return false;
      }
      m_window = *std::move(window);
      m_windowOffset = offset;
    }
    bytes = m_window.view.substr(offset - m_windowOffset, length);
    return true;
  }

  const ByteSource& m_source;
  ByteView m_whole;
  std::uint64_t m_size;
  std::uint64_t m_offset;
  Blob m_window;
  std::uint64_t m_windowOffset = 0;
  std::optional<Error> m_error;
};

// ref_index of every entry as it has to be written now. Entries refer by id, which is the place they
// were read from.
class RefIndices {
 public:
  explicit RefIndices(const Recording& recording) : m_limit(recording.idLimit()) {
    const std::uint32_t size = recording.size();
    for (std::uint32_t position = 0; position < size && !m_moved; ++position)
      m_moved = recording.info(position).id.value != position + 1;
    if (!m_moved) return;
    m_places.assign(m_limit, 0);
    for (std::uint32_t position = 0; position < size; ++position)
      m_places[recording.info(position).id.value] = position + 1;
  }

  // Whether entries lie at other places than when they were read.
  bool moved() const { return m_moved; }

  // `written` is what the entry's bytes say. One that dangles goes on doing so: its number follows the
  // entry it named, and names none (0) when that is gone or never was and another would take its place.
  std::int32_t of(const EntryInfo& info, std::int32_t written) const {
    if (!m_moved) return info.ref ? static_cast<std::int32_t>(info.ref.value) : written;
    if (!info.ref && (written < 1 || static_cast<std::uint32_t>(written) >= m_limit)) return written;
    return static_cast<std::int32_t>(
        m_places[info.ref ? info.ref.value : static_cast<std::uint32_t>(written)]);
  }

 private:
  std::uint32_t m_limit;
  bool m_moved = false;
  std::vector<std::uint32_t> m_places;  // by id
};

class ReplayBinary final : public Format {
 public:
  std::string_view name() const override { return "replay"; }
  std::string_view title() const override { return "binary replay file"; }
  bool sniff(ByteView head) const override { return head.starts_with(kMagic); }
  std::vector<std::string> losses(const Recording&) const override { return {}; }

  Result<Recording> read(std::shared_ptr<const ByteSource> source, const Task& task) const override {
    RecordingBuilder builder(source);
    return readOn(std::move(builder), false, *source, kMagic.size(), Tail::Shown, task);
  }

  Result<Recording> readFurther(const Recording& before, std::shared_ptr<const ByteSource> source,
                                std::uint32_t firstId, Tail tail, const Task& task) const override {
    RecordingBuilder builder(before, source, firstId);
    return readOn(std::move(builder), before.hasHeader(), *source, before.tailOffset(), tail, task);
  }

  Result<void> write(const Recording& recording, ByteSink& sink, const Task& task) const override {
    if (auto done = sink.write(kMagic); !done) return done;
    // Without one the first entry would be read as the initial state.
    if (recording.hasHeader() || recording.size() > 0) {
      const auto state = recording.initialState();
      if (!state) return state.error();
      if (auto done = writeRecord(sink, state->view); !done) return done;
    }
    const RefIndices refs(recording);
    const std::uint32_t size = recording.size();
    for (std::uint32_t position = 0; position < size;) {
      if (task.stopped()) return Error{recording.source()->name() + ": writing was stopped"};
      task.report(position, size);
      const std::uint32_t end = refs.moved() ? position : endOfRun(recording, position);
      const auto done = end > position ? writeRun(recording, sink, position, end)
                                       : writeOne(recording, sink, position, refs);
      if (!done) return done;
      position = std::max(end, position + 1);
    }
    if (recording.tailSize() == 0) return {};
    const auto tail = recording.tail();
    return tail ? sink.write(tail->view) : Result<void>(tail.error());
  }

 private:
  static Result<Recording> readOn(RecordingBuilder builder, bool hasHeader, const ByteSource& source,
                                  std::uint64_t from, Tail tail, const Task& task) {
    const std::uint64_t size = source.size();
    RecordReader reader(source, from);
    RecordReader::Record record;
    if (!hasHeader && reader.next(record)) {
      builder.setInitialState(record.offset, static_cast<std::uint32_t>(record.bytes.size()));
      hasHeader = true;
    }
    for (std::uint32_t count = 0; hasHeader && reader.next(record); ++count) {
      if (count % kTaskStep == 0) {
        if (task.stopped()) return Error{source.name() + ": reading was stopped"};
        task.report(reader.offset(), size);
      }
      if (auto added = builder.add(record.offset, record.bytes); !added) return added.error();
    }
    if (reader.error()) return *reader.error();
    builder.setTail(reader.offset(), tail == Tail::Shown ? size - reader.offset() : 0);
    return std::move(builder).build();
  }

  static Result<void> writeRecord(ByteSink& sink, ByteView bytes) {
    const auto length = replayRecordLength(bytes.size());
    if (auto done = sink.write({length.data(), length.size()}); !done) return done;
    return sink.write(bytes);
  }

  // Entries from `begin` that lie one after another in the source, untouched; at most a window of them.
  static std::uint32_t endOfRun(const Recording& recording, std::uint32_t begin) {
    std::uint32_t end = begin;
    std::uint64_t expected = 0;
    std::uint64_t size = 0;
    while (end < recording.size() && size < kWindow) {
      const EntryInfo info = recording.info(end);
      if (info.edited || (end > begin && info.offset != expected)) break;
      expected = info.offset + info.length + kLengthBytes;
      size += info.length + kLengthBytes;
      ++end;
    }
    return end;
  }

  static Result<void> writeRun(const Recording& recording, ByteSink& sink, std::uint32_t begin,
                               std::uint32_t end) {
    const EntryInfo last = recording.info(end - 1);
    const std::uint64_t from = recording.info(begin).offset - kLengthBytes;
    const auto bytes = recording.source()->read(from, last.offset + last.length - from);
    return bytes ? sink.write(bytes->view) : Result<void>(bytes.error());
  }

  static Result<void> writeOne(const Recording& recording, ByteSink& sink, std::uint32_t position,
                               const RefIndices& refs) {
    const auto bytes = recording.bytes(position);
    if (!bytes) return bytes.error();
    const auto fields = parseEntry(bytes->view);
    if (!fields) return writeRecord(sink, bytes->view);
    const std::int32_t ref = refs.of(recording.info(position), fields->refIndex);
    if (ref == fields->refIndex) return writeRecord(sink, bytes->view);
    return writeRecord(sink, withRefIndex(bytes->view, static_cast<std::uint32_t>(ref)));
  }
};

}  // namespace

std::string replayFileHead(ByteView initialState) {
  const auto length = replayRecordLength(initialState.size());
  return std::string(kMagic).append(length.data(), length.size()).append(initialState);
}

std::array<char, 4> replayRecordLength(std::size_t bytes) {
  assert(bytes <= 0xffffffffu);
  std::array<char, 4> length{};
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>(bytes >> (8 * i));
  return length;
}

const Format& replayBinaryFormat() {
  static const ReplayBinary format;
  return format;
}

}  // namespace retake
