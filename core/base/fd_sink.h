#pragma once

#include <string>

#include "base/byte_sink.h"

namespace retake {

// Writes to a file descriptor that somebody else opened and will close, a mebibyte at a time. Nothing
// is certain to be written before flush(); the destructor writes nothing. Not thread-safe.
class FdSink final : public ByteSink {
 public:
  // `name` is what its Errors call it: a path, or "standard output".
  FdSink(int fd, std::string name) : m_fd(fd), m_name(std::move(name)) {}

  Result<void> write(ByteView bytes) override;
  Result<void> flush();

 private:
  Result<void> writeNow(ByteView bytes);

  int m_fd;
  std::string m_name;
  std::string m_pending;
};

}  // namespace retake
