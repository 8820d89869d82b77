#pragma once

#include <cstdint>
#include <string>

#include "base/byte_sink.h"

namespace retake {

// Replaces a file in one step: bytes go to a temporary file in the same folder, commit() syncs it
// and renames it over the target. Until then, and after any Error, the target is as it was.
// A symbolic link is followed; the permissions of an existing target are kept. Not thread-safe.
class AtomicFile final : public ByteSink {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile() override;  // without commit(): the temporary file is removed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Creates the temporary file. Called once, before write().
  Result<void> open();
  Result<void> write(ByteView bytes) override;
  Result<void> commit();

 private:
  Result<void> flush();
  Error failure(const char* doing, int error) const;

  std::string m_path;
  std::string m_temporary;
  std::string m_pending;
  int m_fd = -1;
};

}  // namespace retake
