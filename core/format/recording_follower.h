#pragma once

#include <memory>
#include <string>

#include "base/growing_source.h"
#include "format/format.h"

namespace retake {

// Reads what another program appends to the file of a recording. Knows no edits: it goes on from the recording
// as it was read, and Recording::withAppended() brings what is new to those that were edited.
class RecordingFollower {
 public:
  // `opened` was read from `path`. An Error when that is another file by now, or a shorter one.
  static Result<RecordingFollower> start(const std::string& path, const OpenedRecording& opened,
                                         const OpenOptions& options = {});

  // `before`, as opened or as the last poll gave it, with the entries that are whole by now; null when there is
  // nothing new. An Error when the file was replaced, got shorter or was written anew: `before` stays good.
  // Takes at most kMostAtOnce bytes of the file; isBehind() tells whether there may be more.
  // One poll at a time, on any thread.
  Result<std::shared_ptr<const Recording>> poll(const Recording& before, std::uint32_t firstId,
                                                const Task& task = {});
  bool isBehind() const { return m_behind; }
  // Nothing more is awaited: what is half there becomes the tail. Null when nothing is.
  Result<std::shared_ptr<const Recording>> end(const Recording& before);

  // 64 MiB: a second or less of reading, so that much comes in parts.
  static constexpr std::uint64_t kMostAtOnce = 64u << 20;

 private:
  RecordingFollower(std::shared_ptr<GrowingSource> source, const Format& format)
      : m_source(std::move(source)), m_format(&format) {}

  std::shared_ptr<GrowingSource> m_source;
  const Format* m_format;
  bool m_behind = false;
};

}  // namespace retake
