#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `try FILE [--call N] [--address ADDR]`: plays the client's side of every recorded call, or of one, against
// the server at ADDR, else against the recording's own stand-in in memory, and prints each answer beside the
// recorded one. The exit code is kNo when any differs.
void addTryCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
