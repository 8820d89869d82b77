#include <csignal>
#include <cstdio>

#include "interop_cases/test_service.h"

// Serves grpc.testing.TestService, for clients in other languages, until SIGINT or SIGTERM comes. Prints
// "listening on ADDR" when it is ready.
int main() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  const retake::test::LiveTestService live;
  std::printf("listening on %s\n", live.address().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
}
