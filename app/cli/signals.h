#pragma once

#include <pthread.h>
#include <signal.h>

#include <csignal>
#include <ctime>
#include <thread>

namespace retake::cli {

// SIGINT, SIGTERM and SIGHUP as something to wait for. Until block() one ends the process at once. SIGHUP
// that is ignored from the start, as nohup does, stays so.
class Signals {
 public:
  Signals() {
    sigemptyset(&m_set);
    for (const int number : {SIGINT, SIGTERM}) {
      // A shell without job control starts what it puts in the background with SIGINT ignored, and an
      // ignored signal cannot be waited for.
      std::signal(number, SIG_DFL);
      sigaddset(&m_set, number);
    }
    struct sigaction hangUp = {};
    sigaction(SIGHUP, nullptr, &hangUp);
    if (hangUp.sa_handler != SIG_IGN) sigaddset(&m_set, SIGHUP);
    // Whoever read the addresses may have closed the pipe since: calls go on without their log.
    std::signal(SIGPIPE, SIG_IGN);
    // A file that may not grow any more is an error of writing, not the end.
    std::signal(SIGXFSZ, SIG_IGN);
  }
  // Before there is any other thread, which then inherits it; behind what may take long, as the reading of a
  // recording from a pipe.
  void block() const { pthread_sigmask(SIG_BLOCK, &m_set, nullptr); }
  // Runs what starts threads while a signal still ends the process at once, as it may take long: on a thread
  // of its own, so that neither it nor what it starts takes one that comes when this thread blocks them.
  template <class Function>
  void runApart(const Function& function) const {
    block();
    std::thread apart(function);
    pthread_sigmask(SIG_UNBLOCK, &m_set, nullptr);
    apart.join();
  }
  void wait() const {
    int number = 0;
    sigwait(&m_set, &number);
  }
  // From here on one ends the process at once. Those that came along with the first do not: whoever sends
  // SIGINT and SIGTERM in one go wants the report.
  void restore() const {
    const timespec now{0, 0};
    while (sigtimedwait(&m_set, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_UNBLOCK, &m_set, nullptr);
  }

 private:
  sigset_t m_set;
};

}  // namespace retake::cli
