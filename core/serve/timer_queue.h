#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "serve/live_call.h"

namespace retake {

// Does things for calls at their time, one after another on a thread of its own. To set a timer and to take
// it back is a step in a map each, where a gRPC alarm goes through its executor both times; and nearly every
// timer of a call is taken back. One for the whole process; its thread begins with the first timer and stays.
class TimerQueue {
 public:
  using Clock = std::chrono::steady_clock;
  // What cancel() takes; a default one names nothing.
  using Key = std::pair<Clock::time_point, std::uint64_t>;

  static TimerQueue& instance();

  // Calls `act` at `due`, or at once when that has passed, and keeps the call's object until then. `act` must
  // not block: whatever else is due waits for it.
  Key at(Clock::time_point due, LiveCall& call, std::function<void()> act);
  // What has not begun is not done any more. May be called from within an `act`, and with locks that one
  // takes.
  void cancel(const Key& key);

 private:
  struct Entry {
    LiveCall* call;
    std::function<void()> act;
  };

  TimerQueue() = default;
  ~TimerQueue();
  void run();

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::map<Key, Entry> m_entries;
  std::uint64_t m_last = 0;
  // What is due later wakes nobody: to wake the thread costs a call more than all else here. So what is taken
  // back is not told, and the thread finds nothing due, once in a while.
  Clock::time_point m_sleepsUntil = Clock::time_point::max();
  bool m_ending = false;
  std::thread m_thread;
};

}  // namespace retake
