#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `copy FILE --call N --as grpcurl|cpp|go|python`: prints text that makes that call again.
void addCopyCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
