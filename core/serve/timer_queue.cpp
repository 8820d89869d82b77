#include "serve/timer_queue.h"

#include "base/tsan.h"

namespace retake {

TimerQueue& TimerQueue::instance() {
  static TimerQueue queue;
  return queue;
}

TimerQueue::~TimerQueue() {
  {
    const std::lock_guard lock(m_mutex);
    m_ending = true;
  }
  m_changed.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

TimerQueue::Key TimerQueue::at(Clock::time_point due, LiveCall& call, std::function<void()> act) {
  call.retain();
  bool early = false;
  Key key;
  {
    const std::lock_guard lock(m_mutex);
    key = {due, ++m_last};
    m_entries.emplace(key, Entry{&call, std::move(act)});
    early = due < m_sleepsUntil;
    if (early) m_sleepsUntil = due;
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
  }
  if (early) m_changed.notify_one();
  return key;
}

void TimerQueue::cancel(const Key& key) {
  std::map<Key, Entry>::node_type gone;
  {
    const std::lock_guard lock(m_mutex);
    gone = m_entries.extract(key);
  }
  if (gone) gone.mapped().call->release();
}

void TimerQueue::run() {
  std::unique_lock lock(m_mutex);
  while (!m_ending) {
    m_sleepsUntil = m_entries.empty() ? Clock::time_point::max() : m_entries.begin()->first.first;
    if (m_entries.empty()) {
      m_changed.wait(lock);
      continue;
    }
    if (m_sleepsUntil > Clock::now()) {
      m_changed.wait_until(lock, m_sleepsUntil);
      continue;
    }
    auto entry = m_entries.extract(m_entries.begin());
    lock.unlock();
    {
      const TsanScope tsan(entry.mapped().call);
      entry.mapped().act();
    }
    entry.mapped().call->release();
    lock.lock();
  }
}

}  // namespace retake
