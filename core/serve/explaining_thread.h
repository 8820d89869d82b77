#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "replay/replayer.h"

namespace retake {

// Explains misses, one after another, away from the threads that serve. The thread begins with the first.
class ExplainingThread {
 public:
  // So many wait at most: with 5 ms each, a client waits for a third of a second at most. Further misses go
  // without an explanation rather than late.
  static constexpr std::size_t kWaiting = 64;

  using Done = std::function<void(Explanation)>;

  explicit ExplainingThread(const Replayer& replayer) : m_replayer(replayer) {}
  ~ExplainingThread() { stop(); }

  // Calls `done` on the thread, later; `served` is what the call was missed in. False, and it will not, when
  // too many wait or it is stopped.
  bool explain(std::shared_ptr<const ServedRecording> served, MissedCall missed, Done done);
  // When this returns nothing is explained any more; who still waits for it waits in vain. Not from `done`.
  void stop();

 private:
  struct Job {
    std::shared_ptr<const ServedRecording> served;
    MissedCall missed;
    Done done;
  };
  void run();

  const Replayer& m_replayer;
  std::mutex m_mutex;
  std::condition_variable m_some;
  std::deque<Job> m_jobs;
  bool m_stopped = false;
  std::thread m_thread;
};

}  // namespace retake
