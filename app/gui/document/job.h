#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/task.h"

namespace retake::gui {

// One long function at a time, run elsewhere; its value comes back on this thread. Whoever is told
// of the value may start the next.
class Job : public QObject {
  Q_OBJECT
 public:
  explicit Job(QObject* parent = nullptr);
  // Waits for a function that still runs, after asking it to stop: it may not outlive the program.
  ~Job() override;

  bool isRunning() const { return m_running; }
  QString what() const { return m_what; }
  // 0..1; empty as long as the function has not said.
  std::optional<double> progress() const;
  void cancel() { m_stop.request_stop(); }
  bool isCancelled() const { return m_stop.stop_requested(); }

  // `work` runs on another thread and gets a Task that cancel() stops; `done` gets its value here.
  template <typename Work, typename Done>
  void start(const QString& what, Work work, Done done) {
    using Value = std::invoke_result_t<Work, const Task&>;
    auto value = std::make_shared<std::optional<Value>>();
    const Task task = begin(what);
    run([work = std::move(work), task, value] { value->emplace(work(task)); },
        [done = std::move(done), value] { done(std::move(**value)); });
  }

 signals:
  // started, 100 ms later (what is over by then needs no bar), each further 100 ms, and ended.
  void changed();

 private:
  struct Shared {
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> total{0};
  };
  Task begin(const QString& what);
  void run(std::function<void()> work, std::function<void()> done);

  QFutureWatcher<void> m_watcher;
  QTimer m_ticks;
  QString m_what;
  std::stop_source m_stop;
  std::shared_ptr<Shared> m_shared;
  std::function<void()> m_done;
  bool m_running = false;
};

}  // namespace retake::gui
