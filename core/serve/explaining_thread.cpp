#include "serve/explaining_thread.h"

#include <system_error>

namespace retake {

bool ExplainingThread::explain(std::shared_ptr<const ServedRecording> served, MissedCall missed, Done done) {
  const std::lock_guard lock(m_mutex);
  if (m_stopped || m_jobs.size() >= kWaiting) return false;
  if (!m_thread.joinable()) try {
      m_thread = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      return false;  // the machine has no thread left
    }
  m_jobs.push_back({std::move(served), std::move(missed), std::move(done)});
  m_some.notify_one();
  return true;
}

void ExplainingThread::run() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    m_some.wait(lock, [this] { return m_stopped || !m_jobs.empty(); });
    if (m_stopped) return;
    {
      const Job job = std::move(m_jobs.front());
      m_jobs.pop_front();
      lock.unlock();
      job.done(m_replayer.explain(*job.served, job.missed));
    }
    lock.lock();
  }
}

void ExplainingThread::stop() {
  {
    std::deque<Job> dropped;  // what they hold is let go of behind the lock
    const std::lock_guard lock(m_mutex);
    m_stopped = true;
    dropped.swap(m_jobs);
  }
  m_some.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

}  // namespace retake
