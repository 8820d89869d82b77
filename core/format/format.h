#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "base/task.h"
#include "recording/recording.h"

namespace retake {

// A file format of recordings. A new one is one new file and one line in registry.cpp. Formats have
// no state; all functions may be called from any thread.
class Format {
 public:
  virtual ~Format() = default;

  // Short and lasting, as `convert --to` and `info` say it: "replay".
  virtual std::string_view name() const = 0;
  // For people: "binary replay file".
  virtual std::string_view title() const = 0;
  // Whether a file that begins with `head` (its first kSniffBytes, or all of it) is of this format.
  virtual bool sniff(ByteView head) const = 0;
  // What can be read past is kept in the Recording and found by findProblems(); what stops reading,
  // and a stopped Task, is an Error.
  virtual Result<Recording> read(std::shared_ptr<const ByteSource> source, const Task& task) const = 0;
  // What `source` has behind the bytes that `before` was read from, added to it: `before` is as it was read, and
  // `source` begins with the same bytes. New entries get ids from `firstId` on. A record that is only half
  // there is the tail with Tail::Shown; with Tail::Expected it is left for the next time.
  enum class Tail { Shown, Expected };
  virtual Result<Recording> readFurther(const Recording& before, std::shared_ptr<const ByteSource> source,
                                        std::uint32_t firstId, Tail tail, const Task& task) const = 0;
  // Entries that were not edited are written with the bytes they had.
  virtual Result<void> write(const Recording& recording, ByteSink& sink, const Task& task) const = 0;
  // What writing this recording would drop, one sentence each; empty when nothing.
  virtual std::vector<std::string> losses(const Recording& recording) const = 0;
};

inline constexpr std::size_t kSniffBytes = 64;

// All formats, in the order in which they are asked to sniff. They live as long as the program.
std::span<const Format* const> formats();

// The format that `head` begins, or an Error that names what it is instead, when that is known.
Result<const Format*> formatOf(ByteView head, std::string_view fileName);

struct OpenedRecording {
  std::shared_ptr<const Recording> recording;
  const Format* format = nullptr;
  FileStamp stamp;  // as it was before reading; all zero for standard input
};

// Opens `path` ("-": standard input) and reads it by content, whatever its extension.
Result<OpenedRecording> openRecording(const std::string& path, const Task& task = {},
                                      const OpenOptions& options = {});

// Writes to a temporary file beside `path` and renames it over: on any Error `path` is as it was.
// Before that it makes sure that a source which is read piece by piece still has its bytes.
// "-" is standard output.
Result<void> saveRecording(const Recording& recording, const Format& format, const std::string& path,
                           const Task& task = {});

}  // namespace retake
