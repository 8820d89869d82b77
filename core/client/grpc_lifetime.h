#pragma once

// What of gRPC stays for as long as the program runs. Cheap but for the first time; from any thread.
namespace retake {

// gRPC ends with the last channel or server of a process, and whoever lets go of that waits for its threads: up
// to ten seconds where one of them polls behind a large message (run_poller in its tcp_posix.cc).
void keepGrpc();

// gRPC's threads for callbacks end with the last channel or server that has any, and whoever lets go of that
// waits for them: which aborts the program if it is one of them, as at the end of a call that nobody else
// holds a channel for.
void keepCallbackThreads();

}  // namespace retake
