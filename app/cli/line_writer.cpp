#include "line_writer.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace retake::cli {
namespace {

// A reader that is this far behind does not read.
constexpr std::size_t kMaxWaiting = std::size_t{16} << 20;

// False when nobody will ever read it.
bool writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EAGAIN) {  // somebody made the pipe non-blocking
      pollfd ready{fd, POLLOUT, 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void LineWriter::begin() {
  m_thread = std::thread([this] { run(); });
}

void LineWriter::write(const std::string& lines) {
  std::unique_lock lock(m_mutex);
  if (m_full == Full::Wait) m_changed.wait(lock, [&] { return m_over || m_waiting.size() < kMaxWaiting; });
  if (m_over) return;
  if (m_waiting.size() >= kMaxWaiting) {
    ++m_dropped;
    return;
  }
  m_waiting += lines;
  m_changed.notify_all();
}

void LineWriter::finish() {
  {
    const std::lock_guard lock(m_mutex);
    m_over = true;
    m_changed.notify_all();
  }
  if (m_thread.joinable()) m_thread.join();
}

void LineWriter::run() {
  std::unique_lock lock(m_mutex);
  bool read = true;
  while (true) {
    m_changed.wait(lock, [&] { return m_over || !m_waiting.empty(); });
    if (m_waiting.empty()) return;
    std::string lines = std::exchange(m_waiting, {});
    if (const auto dropped = std::exchange(m_dropped, 0))
      lines +=
          "retake-cli: nobody read this, so that " + std::to_string(dropped) + " lines are missing here\n";
    m_changed.notify_all();
    lock.unlock();
    read = read && writeAll(m_fd, lines);
    lock.lock();
  }
}

}  // namespace retake::cli
