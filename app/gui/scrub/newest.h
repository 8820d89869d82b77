#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QtConcurrent>
#include <stop_token>
#include <utility>

#include "base/task.h"

namespace retake::gui {

// Runs work off the GUI thread, where only the newest counts: an older one is asked to stop, and what it
// gives is thrown away. The value comes on the thread of `context`, which must live at least as long as this
// (its owner, as a rule). T is copied out of the future: make it cheap (a shared_ptr).
template <typename T>
class Newest {
 public:
  ~Newest() { m_stop.request_stop(); }

  // `work` gets a Task and must not touch anything that lives on the GUI thread.
  template <typename Work, typename Done>
  void run(QObject* context, QThreadPool* pool, Work work, Done done) {
    cancel();
    m_running = true;
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, context,
                     [this, watcher, turn = m_turn, done = std::move(done)] {
                       watcher->deleteLater();
                       if (turn != m_turn) return;
                       m_running = false;
                       done(watcher->result());
                     });
    watcher->setFuture(QtConcurrent::run(
        pool, [work = std::move(work), task = Task{.stop = m_stop.get_token()}] { return work(task); }));
  }
  void cancel() {
    m_stop.request_stop();
    m_stop = std::stop_source();
    ++m_turn;
    m_running = false;
  }
  bool isRunning() const { return m_running; }

 private:
  std::stop_source m_stop;
  quint64 m_turn = 0;
  bool m_running = false;
};

}  // namespace retake::gui
