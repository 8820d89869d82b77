#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/atomic_file.h"
#include "base/fd_sink.h"
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
    FdSink output(STDOUT_FILENO, "standard output");
    if (auto written = format.write(recording, output, task); !written) return written;
    return output.flush();
  }
  AtomicFile file(path);
  if (auto opened = file.open(); !opened) return opened;
  if (auto written = format.write(recording, file, task); !written) return written;
  return file.commit();
}

}  // namespace retake
