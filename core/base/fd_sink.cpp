#include "base/fd_sink.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace retake {
namespace {

constexpr std::size_t kBufferSize = 1u << 20;

}  // namespace

Result<void> FdSink::write(ByteView bytes) {
  if (m_pending.size() + bytes.size() > kBufferSize)
    if (auto flushed = flush(); !flushed) return flushed;
  if (bytes.size() >= kBufferSize) return writeNow(bytes);
  m_pending.append(bytes);
  return {};
}

Result<void> FdSink::flush() {
  const std::string pending = std::exchange(m_pending, {});
  return writeNow(pending);
}

Result<void> FdSink::writeNow(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Error{m_name + ": cannot be written: " + std::strerror(errno)};
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace retake
