#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/atomic_file.h"
#include "format/format.h"
#include "format/replay_binary.h"

namespace retake {
namespace {

// Files that people take for recordings, by how they begin.
struct Lookalike {
  std::string_view head;
  std::string_view what;
};
constexpr std::array<Lookalike, 4> kLookalikes = {{
    {"RPCReTxt1", "a text replay file of grpcreplay, which this version does not read"},
    {"{", "an httpreplay HTTP recording, not a gRPC one"},
    {"\x1f\x8b", "a gzip file; unpack it first"},
    {"PK\x03\x04", "a zip file"},
}};

// Standard output, in the shape of a file that is being written.
class StandardOutput final : public ByteSink {
 public:
  Result<void> write(ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Error{std::string("standard output: cannot be written: ") + std::strerror(errno)};
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
};

}  // namespace

std::span<const Format* const> formats() {
  static const std::array<const Format*, 1> all = {&replayBinaryFormat()};
  return all;
}

Result<const Format*> formatOf(ByteView head, std::string_view fileName) {
  for (const Format* format : formats())
    if (format->sniff(head)) return format;
  const std::string expected = std::string(fileName) + ": expected a recording, found ";
  if (head.empty()) return Error{expected + "an empty file", 0};
  for (const Lookalike& lookalike : kLookalikes)
    if (head.starts_with(lookalike.head)) return Error{expected + std::string(lookalike.what), 0};
  return Error{expected + "a file that begins with neither \"RPCReplay\" nor any other format's mark", 0};
}

Result<OpenedRecording> openRecording(const std::string& path, const Task& task, const OpenOptions& options) {
  OpenedRecording opened;
  if (path != "-")
    if (const auto stamp = fileStamp(path)) opened.stamp = *stamp;
  auto source = openSource(path, options);
  if (!source) return source.error();
  const auto head = (*source)->read(0, std::min<std::uint64_t>(kSniffBytes, (*source)->size()));
  if (!head) return head.error();
  const auto format = formatOf(head->view, (*source)->name());
  if (!format) return format.error();
  auto recording = (*format)->read(*source, task);
  if (!recording) return recording.error();
  opened.format = *format;
  opened.recording = std::make_shared<const Recording>(*std::move(recording));
  return opened;
}

Result<void> saveRecording(const Recording& recording, const Format& format, const std::string& path,
                           const Task& task) {
  if (auto intact = recording.source()->checkIntact(); !intact) return intact;
  if (path == "-") {
    StandardOutput output;
    return format.write(recording, output, task);
  }
  AtomicFile file(path);
  if (auto opened = file.open(); !opened) return opened;
  if (auto written = format.write(recording, file, task); !written) return written;
  return file.commit();
}

}  // namespace retake
