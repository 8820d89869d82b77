#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `serve FILE [--listen ADDR]...`: stands in for the recorded service until SIGINT or SIGTERM; a second
// signal ends it at once. Standard output gets one line an endpoint when it is ready, "listening on ADDR",
// and with --log json one object a call, when it is over:
//   call       its number, from 1, in the order in which calls began
//   endpoint, method
//   recorded   the number of the recorded call that answered; absent when none did
//   outcome    "served", "missed", "aborted", "refused", or "unrecorded": a health check or reflection
//              that the recording does not have, which is no miss
//   code, status, message   as sent
//   began      milliseconds since the epoch; duration_ms
//   notes      what a person should know, a list; absent when there is nothing
// Standard error gets a line a miss and a note, and the report at the end. With --verify the exit code
// is kNo when a call was missed or a recorded one never asked for.
void addServeCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
