#include "document/job.h"

#include <QtConcurrent>
#include <cassert>

namespace retake::gui {

Job::Job(QObject* parent) : QObject(parent) {
  m_ticks.setInterval(100);
  connect(&m_ticks, &QTimer::timeout, this, &Job::changed);
  connect(&m_watcher, &QFutureWatcher<void>::finished, this, [this] {
    m_ticks.stop();
    m_running = false;
    m_what.clear();
    const auto done = std::move(m_done);
    m_done = nullptr;
    done();
    emit changed();
  });
}

Job::~Job() {
  m_stop.request_stop();
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

std::optional<double> Job::progress() const {
  if (!m_running || !m_shared) return std::nullopt;
  const std::uint64_t total = m_shared->total;
  if (total == 0) return std::nullopt;
  return static_cast<double>(m_shared->done) / static_cast<double>(total);
}

Task Job::begin(const QString& what) {
  assert(!m_running);
  m_running = true;
  m_what = what;
  m_stop = std::stop_source();
  m_shared = std::make_shared<Shared>();
  m_ticks.start();
  return {.stop = m_stop.get_token(),
          .progress = [shared = m_shared](std::uint64_t done, std::uint64_t total) {
            shared->total = total;
            shared->done = done;
          }};
}

void Job::run(std::function<void()> work, std::function<void()> done) {
  m_done = std::move(done);
  m_watcher.setFuture(QtConcurrent::run(std::move(work)));
  emit changed();
}

}  // namespace retake::gui
