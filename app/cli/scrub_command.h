#pragma once

namespace CLI {
class App;
}

namespace retake::cli {

// `scrub IN (-o OUT | -i | --check) [--rules F]...`: writes a recording without its secrets. Nothing is
// written while anything is left, unless --force says so.
void addScrubCommand(CLI::App& app, int& exitCode);

}  // namespace retake::cli
