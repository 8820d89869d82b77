#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QtConcurrent>
#include <utility>

namespace retake::gui {

// Runs jobs off the GUI thread and delivers the answer of the newest only. The answer comes on the
// thread of `context`, which must live at least as long as this (its owner, as a rule). T is copied
// out of the future: make it cheap (a shared_ptr).
template <typename T>
class Latest {
 public:
  template <typename Job, typename Done>
  void run(QObject* context, Job job, Done done) {
    const quint64 turn = ++m_turn;
    m_running = true;
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, context,
                     [this, watcher, turn, done = std::move(done)] {
                       watcher->deleteLater();
                       if (turn != m_turn) return;
                       m_running = false;
                       done(watcher->result());
                     });
    watcher->setFuture(QtConcurrent::run(std::move(job)));
  }
  // Whatever runs now will not be delivered.
  void cancel() {
    ++m_turn;
    m_running = false;
  }
  bool isRunning() const { return m_running; }

 private:
  quint64 m_turn = 0;
  bool m_running = false;
};

}  // namespace retake::gui
