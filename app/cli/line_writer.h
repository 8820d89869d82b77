#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace retake::cli {

// Writes lines to a descriptor from a thread of its own, so that nobody who logs waits for a reader that has
// stopped to read: a test that starts the program with pipes may look at them when all is over. Lines
// wait in memory until begin(), and for as long as the reader takes.
class LineWriter {
 public:
  enum class Full : std::uint8_t {
    Wait,  // whoever logs waits: no line is lost
    Drop   // the line is lost, and later told of
  };
  LineWriter(int fd, Full full) : m_fd(fd), m_full(full) {}
  ~LineWriter() { finish(); }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void begin();
  // With its line end; several lines stay together. From any thread.
  void write(const std::string& lines);
  // Writes what waits and then `last`, as long as somebody reads: two seconds without, and the rest is lost.
  // So is what comes later.
  void finish(const std::string& last = {});

 private:
  void run();
  bool writeAll(std::string_view bytes) const;

  const int m_fd;
  const Full m_full;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::string m_waiting;
  std::uint64_t m_dropped = 0;
  std::atomic<bool> m_over = false;
  std::thread m_thread;
};

}  // namespace retake::cli
