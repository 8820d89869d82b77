#include <fcntl.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "client/lock_checks.h"
#include "command.h"
#include "copy_command.h"
#include "edit_command.h"
#include "info_command.h"
#include "print_command.h"
#include "record_command.h"
#include "scrub_command.h"
#include "serve_command.h"
#include "try_command.h"

namespace {

// CLI11 says of an unknown command no more than that one is required.
std::string commandExpected(const CLI::App& app) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::string names;
  for (const CLI::App* command : commands)
    names += (names.empty() ? "" : command == commands.back() ? " or " : ", ") + command->get_name();
  const auto rest = app.remaining();
  return "expected a command (" + names + "), found " +
         (rest.empty() ? "none" : retake::cli::inQuotes(rest.front()));
}

// Where one is closed, a file or a socket of ours would get its number, and what is printed. What stands
// there instead cannot be read or written, as a closed one could not.
void takeStandardDescriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0) (void)!::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace retake::cli;
  takeStandardDescriptors();
  retake::turnOffLockChecks();
  CLI::App app(
      "Reads, edits and serves recordings of gRPC calls.\n"
      "Exit code 0: done; 1: the answer is no; 2: it could not be done.",
      "retake-cli");
  app.set_version_flag("--version", "retake-cli " RETAKE_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* top, const CLI::Error& error) {
    const bool noCommand = top->get_subcommands().empty() && error.get_name() == "RequiredError";
    return "retake-cli: " + (noCommand ? commandExpected(*top) : printable(error.what())) +
           "; --help tells what can be said\n";
  });

  int exitCode = kDone;
  addInfoCommand(app, exitCode);
  addPrintCommand(app, exitCode);
  addEditCommand(app, exitCode);
  addScrubCommand(app, exitCode);
  addServeCommand(app, exitCode);
  addRecordCommand(app, exitCode);
  addTryCommand(app, exitCode);
  addCopyCommand(app, exitCode);

  try {
    app.parse(argc, argv);
    return exitCode;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kFailed;
  } catch (const std::bad_alloc&) {
    return fail({"not enough memory"});
  }
}
