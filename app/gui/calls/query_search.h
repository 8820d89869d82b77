#pragma once

#include <QFuture>
#include <QObject>
#include <QTimer>
#include <cstdint>
#include <memory>
#include <vector>

#include "filter/call_filter.h"

namespace retake::gui {

// A search through all calls on another thread. What it finds comes back on this one as it is found, first at
// once and then four times a second. Another search, or none, may be asked for at any time.
class QuerySearch : public QObject {
  Q_OBJECT
 public:
  explicit QuerySearch(QObject* parent = nullptr);
  ~QuerySearch() override;  // waits until the last search has stopped

  void start(const Query& query, const FilterInput& input);
  // What was found and not told is left out, and finished() does not come.
  void abandon();
  // Ends early: with what there is, and finished(false).
  void stop();

  bool isRunning() const { return m_run != nullptr; }
  double progress() const;  // 0..1

 signals:
  void found(const std::vector<std::uint32_t>& calls);  // the next of them, in recorded order
  void finished(bool whole);

 private:
  struct Run;
  void flush();

  std::shared_ptr<Run> m_run;  // null: none
  QTimer m_flush;
  std::vector<QFuture<void>> m_threads;
};

}  // namespace retake::gui
