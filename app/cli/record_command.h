#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `record --upstream ADDR --listen ADDR -o OUT`: a proxy that records what clients of any language and the
// service say to each other, until SIGINT or SIGTERM. Says "listening on ADDR" as `serve` does, and logs the
// same. With a mode it replays what OUT has: see replay/record_mode.h; without one OUT must not exist.
// The exit code is kFailed when not everything was written.
void addRecordCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
