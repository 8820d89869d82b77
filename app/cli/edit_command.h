#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `edit IN (-o OUT | -i) [edits]`: writes a recording with some of it changed, in one step: on any
// Error OUT is as it was. Without an edit it writes the recording unchanged. Repairs come last.
void addEditCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
