#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace retake {

// Where a recording's bytes lie: one buffer, or a file that stays open. Safe to read from any
// number of threads. Never mapped into memory: a file that is cut or written again while it is
// open would take the program down with it (SIGBUS); a read just comes back short.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // What it is, for messages: a path, or "standard input".
  virtual const std::string& name() const = 0;
  virtual std::uint64_t size() const = 0;
  // Exactly `length` bytes from `offset`. An Error when there are fewer, and for a file that is read
  // piece by piece when another program has changed it since it was opened: what stands there now
  // may belong to another recording.
  virtual Result<Blob> read(std::uint64_t offset, std::uint64_t length) const = 0;
  // All bytes where they lie in one buffer; otherwise empty, and read() is the way.
  virtual ByteView buffer() const = 0;
  // An Error when the file's size, time or inode is not what it was when it was opened. A source
  // that lies in one buffer cannot lose bytes and is always intact.
  virtual Result<void> checkIntact() const = 0;
};

struct OpenOptions {
  // Files up to this many bytes are read whole into one buffer. 1 GiB: past that, a person's
  // machine has better uses for its memory than a second copy of the file.
  std::uint64_t wholeUpTo = std::uint64_t{1} << 30;
};

// Opens the file at `path`; "-" is standard input, always read whole. A directory, a missing or
// an unreadable file is an Error.
Result<std::shared_ptr<const ByteSource>> openSource(const std::string& path,
                                                     const OpenOptions& options = {});

std::shared_ptr<const ByteSource> sourceFromBytes(std::string bytes, std::string name);

// Tells one state of a file from another: what a save compares before it replaces the file.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modifiedNs = 0;  // nanoseconds since the epoch

  bool operator==(const FileStamp&) const = default;
};

// The stamp of the file that `path` leads to; an Error where there is none.
Result<FileStamp> fileStamp(const std::string& path);

}  // namespace retake
