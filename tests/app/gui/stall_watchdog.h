#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>

namespace retake::test {

// Measures how long the GUI thread was away from its event loop. A window that does not come back
// within 100 ms feels stuck; sanitizers and a busy machine make everything slower, so what fails a
// test is ten times that, and longest() is printed.
class StallWatchdog {
 public:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  static constexpr qint64 kLimitMs = 10'000;
#else
  static constexpr qint64 kLimitMs = 1'000;
#endif

  StallWatchdog() {
    m_timer.setInterval(5);
    QObject::connect(&m_timer, &QTimer::timeout,
                     [this] { m_longest = std::max(m_longest, m_since.restart()); });
    m_since.start();
    m_timer.start();
  }
  qint64 longest() { return std::max(m_longest, m_since.elapsed()); }

 private:
  QTimer m_timer;
  QElapsedTimer m_since;
  qint64 m_longest = 0;
};

}  // namespace retake::test
