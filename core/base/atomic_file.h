#pragma once

#include <optional>
#include <string>

#include "base/byte_sink.h"
#include "base/fd_sink.h"

namespace retake {

// Replaces a file in one step: bytes go to a temporary file in the same folder, commit() syncs it
// and renames it over the target. Until then, and after any Error, the target is as it was.
// A symbolic link is followed, also one that leads to no file yet; permissions, and where possible
// the owner, of an existing target are kept. A target that is no regular file (a pipe, /dev/null)
// cannot be replaced and is written to as it stands. Not thread-safe.
class AtomicFile final : public ByteSink {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile() override;  // without commit(): the temporary file is removed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Creates the temporary file. Called once, before write().
  Result<void> open();
  Result<void> write(ByteView bytes) override;
  // Called once, after the last write().
  Result<void> commit();

 private:
  Error failure(const char* doing, int error) const;

  std::string m_path;
  std::string m_temporary;  // empty: the bytes go straight to the target
  std::optional<FdSink> m_sink;
  int m_fd = -1;
};

}  // namespace retake
