#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "replay/event.h"

namespace retake::gui {

// Carries events from gRPC threads to the GUI thread, a batch at a time: one posted event a burst,
// and kBatchesPerSecond at most, however many calls come in. Counts them on the way, so that counts
// stay right when events are left out because the GUI does not keep up.
class LogQueue : public QObject {
  Q_OBJECT
 public:
  static constexpr int kBatchesPerSecond = 30;

  struct Counts {
    std::uint64_t served = 0;
    std::uint64_t missed = 0;
    std::uint64_t refused = 0;
    std::uint64_t forwarded = 0;
    std::uint64_t aborted = 0;
    std::uint64_t callsUsed = 0;  // recorded calls that were matched at least once
  };

  // Holds at most `capacity` events between two batches; the oldest are left out.
  explicit LogQueue(std::size_t capacity, QObject* parent = nullptr);

  // From any thread. Does not block for longer than a copy takes.
  void push(ReplayEvent event);
  Counts counts() const;
  void resetCounts();
  // Counts go on, but no recorded call was used yet.
  void resetUsed();

 signals:
  // On the GUI thread. `left out` events came before the first of `events`.
  void arrived(const std::vector<retake::ReplayEvent>& events, std::uint64_t leftOut);

 private:
  void wake();
  void drain();

  const std::size_t m_capacity;
  mutable std::mutex m_mutex;
  std::deque<ReplayEvent> m_events;
  std::uint64_t m_leftOut = 0;
  bool m_wakePosted = false;
  Counts m_counts;
  std::unordered_set<EntryId> m_used;

  QTimer m_timer;             // GUI thread
  QElapsedTimer m_lastBatch;  // GUI thread
};

}  // namespace retake::gui
