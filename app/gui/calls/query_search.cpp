#include "calls/query_search.h"

#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <atomic>
#include <mutex>
#include <stop_token>
#include <utility>

namespace retake::gui {
namespace {

// Each time the table and the timeline are drawn anew.
constexpr int kFlushEvery = 250;

}  // namespace

struct QuerySearch::Run {
  std::stop_source stop;
  std::atomic<double> progress{0};
  std::atomic<bool> over{false};
  std::mutex mutex;
  std::vector<std::uint32_t> found;  // not yet told
};

QuerySearch::QuerySearch(QObject* parent) : QObject(parent) {
  m_flush.setInterval(kFlushEvery);
  connect(&m_flush, &QTimer::timeout, this, &QuerySearch::flush);
}

QuerySearch::~QuerySearch() {
  abandon();
  for (QFuture<void>& thread : m_threads) thread.waitForFinished();
}

void QuerySearch::start(const Query& query, const FilterInput& input) {
  abandon();
  std::erase_if(m_threads, [](const QFuture<void>& thread) { return thread.isFinished(); });
  m_run = std::make_shared<Run>();
  m_threads.push_back(QtConcurrent::run([this, query, input, run = m_run] {
    bool isFirst = true;
    const Task task{
        .stop = run->stop.get_token(), .progress = [&run](std::uint64_t done, std::uint64_t total) {
          run->progress = static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(total, 1));
        }};
    // This object waits for the thread before it goes.
    const auto wake = [this, &run] {
      QMetaObject::invokeMethod(
          this,
          [this, run] {
            if (run == m_run) flush();
          },
          Qt::QueuedConnection);
    };
    filterCalls(query, input, nullptr, task, [&](std::vector<std::uint32_t> calls) {
      const std::lock_guard lock(run->mutex);
      run->found.insert(run->found.end(), calls.begin(), calls.end());
      if (std::exchange(isFirst, false)) wake();
    });
    run->over = true;
    wake();
  }));
  m_flush.start();
}

void QuerySearch::abandon() {
  if (m_run) m_run->stop.request_stop();
  m_run = nullptr;
  m_flush.stop();
}

void QuerySearch::stop() {
  if (m_run) m_run->stop.request_stop();
}

double QuerySearch::progress() const { return m_run ? m_run->progress.load() : 1; }

void QuerySearch::flush() {
  const auto run = m_run;
  if (!run) return;
  const bool over = run->over;  // before what it has found is taken: then that is all
  std::vector<std::uint32_t> calls;
  {
    const std::lock_guard lock(run->mutex);
    calls.swap(run->found);
  }
  if (!over) {
    emit found(calls);  // none, too: how far it is
    return;
  }
  m_run = nullptr;
  m_flush.stop();
  if (!calls.empty()) emit found(calls);
  emit finished(!run->stop.stop_requested());
}

}  // namespace retake::gui
