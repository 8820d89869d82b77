#pragma once

#include <memory>
#include <string>

#include "base/byte_sink.h"
#include "base/bytes.h"
#include "base/result.h"

namespace retake {

// Where a recording is written while it is made. Not thread-safe.
class RecordTarget {
 public:
  virtual ~RecordTarget() = default;
  // What the file begins with. May be called again, with something else, until append() was.
  virtual Result<void> begin(std::string head) = 0;
  // Whole records behind what is there, in two pieces: all of them, or none where it fails.
  virtual Result<void> append(ByteView records, ByteView rest = {}) = 0;
  // Sees to it that what was appended outlasts a power cut. May take long; the one function that may be
  // called beside another, append().
  virtual Result<void> sync() = 0;
  // Called once, last.
  virtual Result<void> close() = 0;
};

// A new file at `path`; one that is there goes with begin(), and whoever has it open keeps what he has. Other
// recorders are kept off it until it is closed.
Result<std::unique_ptr<RecordTarget>> createRecordFile(const std::string& path);
// Goes on behind what a file holds, which begin() leaves as it is. An Error when it has another size than
// `size` bytes, or somebody else records into it.
Result<std::unique_ptr<RecordTarget>> continueRecordFile(const std::string& path, std::uint64_t size);
// Any sink. Nothing is written before the first append() or close(); it cannot take back half a record.
std::unique_ptr<RecordTarget> recordInto(std::unique_ptr<ByteSink> sink);

}  // namespace retake
