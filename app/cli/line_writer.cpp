#include "line_writer.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

namespace retake::cli {
namespace {

// A reader that is this far behind does not read.
constexpr std::size_t kMaxWaiting = std::size_t{16} << 20;

// What a pipe takes without blocking when poll() says that it takes something.
constexpr std::size_t kAtOnce = 4096;

// How long a reader may take nothing once it is over. Whoever ends the program and waits for that may never
// read.
constexpr std::chrono::seconds kLastWait(2);

}  // namespace

// False when nobody will ever read it.
bool LineWriter::writeAll(std::string_view bytes) const {
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> until;
  while (!bytes.empty()) {
    pollfd ready{m_fd, POLLOUT, 0};
    if (::poll(&ready, 1, 100) == 0) {
      if (!m_over) continue;
      if (!until) until = Clock::now() + kLastWait;
      if (Clock::now() > *until) return false;
      continue;
    }
    const ssize_t written = ::write(m_fd, bytes.data(), std::min(bytes.size(), kAtOnce));
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    until.reset();
  }
  return true;
}

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

void LineWriter::finish(const std::string& last) {
  {
    const std::lock_guard lock(m_mutex);
    m_waiting += last;
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
    read = read && writeAll(lines);
    lock.lock();
  }
}

}  // namespace retake::cli
