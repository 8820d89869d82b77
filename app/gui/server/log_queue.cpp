#include "server/log_queue.h"

#include <iterator>
#include <utility>

namespace retake::gui {

LogQueue::LogQueue(std::size_t capacity, QObject* parent) : QObject(parent), m_capacity(capacity) {
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &LogQueue::drain);
}

void LogQueue::push(ReplayEvent event) {
  {
    const std::lock_guard lock(m_mutex);
    if (event.kind == ReplayEvent::Kind::Call && event.counted) {
      switch (event.outcome) {
        case ReplayEvent::Outcome::Served:
          ++m_counts.served;
          break;
        case ReplayEvent::Outcome::Missed:
          ++m_counts.missed;
          break;
        case ReplayEvent::Outcome::Forwarded:
          ++m_counts.forwarded;
          break;
        case ReplayEvent::Outcome::Refused:
          ++m_counts.refused;
          break;
        case ReplayEvent::Outcome::Aborted:
          ++m_counts.aborted;
          break;
      }
      if (event.call) m_used.insert(event.call);
    }
    if (m_events.size() == m_capacity) {
      m_events.pop_front();
      ++m_leftOut;
    }
    m_events.push_back(std::move(event));
    if (std::exchange(m_wakePosted, true)) return;
  }
  QMetaObject::invokeMethod(this, &LogQueue::wake, Qt::QueuedConnection);
}

LogQueue::Counts LogQueue::counts() const {
  const std::lock_guard lock(m_mutex);
  Counts counts = m_counts;
  counts.callsUsed = m_used.size();
  return counts;
}

void LogQueue::resetCounts() {
  const std::lock_guard lock(m_mutex);
  m_counts = {};
  m_used.clear();
}

void LogQueue::resetUsed() {
  const std::lock_guard lock(m_mutex);
  m_used.clear();
}

void LogQueue::wake() {
  constexpr qint64 kInterval = 1000 / kBatchesPerSecond;
  const qint64 since = m_lastBatch.isValid() ? m_lastBatch.elapsed() : kInterval;
  if (since >= kInterval) return drain();
  m_timer.start(static_cast<int>(kInterval - since));
}

void LogQueue::drain() {
  std::deque<ReplayEvent> taken;
  std::uint64_t leftOut = 0;
  {
    const std::lock_guard lock(m_mutex);
    taken.swap(m_events);
    leftOut = std::exchange(m_leftOut, 0);
    m_wakePosted = false;
  }
  m_lastBatch.start();
  const std::vector<ReplayEvent> events(std::make_move_iterator(taken.begin()),
                                        std::make_move_iterator(taken.end()));
  emit arrived(events, leftOut);
}

}  // namespace retake::gui
