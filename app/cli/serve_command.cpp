#include "serve_command.h"

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "command.h"
#include "initial_state_options.h"
#include "scrub/open_scrubber.h"
#include "serve/grpc_log.h"
#include "serve/replay_server.h"
#include "serve_log.h"
#include "serve_options.h"
#include "serve_report.h"
#include "workspace/idle_rules.h"

namespace retake::cli {
namespace {

// SIGINT and SIGTERM as something to wait for. Until block() one ends the process at once.
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
    // Whoever read the addresses may have closed the pipe since: calls go on without their log.
    std::signal(SIGPIPE, SIG_IGN);
  }
  // Before there is any other thread, which then inherits it; behind what may take long, as the reading of a
  // recording from a pipe.
  void block() const { pthread_sigmask(SIG_BLOCK, &m_set, nullptr); }
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

void warn(const std::string& sentence) {
  std::fprintf(stderr, "retake-cli: warning: %s\n", printable(sentence).c_str());
}

int run(const ServeOptions& options) {
  const Signals signals;
  setGrpcLog({});  // what it has to say of an endpoint is said by listen()
  const auto workspace = servedWorkspace(options);
  if (!workspace) return fail(workspace.error());
  const auto schema = openSchema(*workspace);
  if (!schema) return fail(schema.error());
  auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const Recording& recording = *file->recording;
  auto rules = openScrubber(workspace->scrub, *schema);
  if (!rules) return fail(rules.error());
  for (const std::string& sentence : idleRules(workspace->policy.match, recording, **schema)) warn(sentence);

  // Whoever waits for the address finds it there. A pipe waits for its reader, and a signal ends that.
  if (!options.initialStateTo.empty())
    if (auto done = writeInitialState(*file, **schema, options.initialStateTo, options.initialStateAs); !done)
      return fail(done.error());

  signals.block();
  // It outlives the server, which logs until it is stopped.
  ServeLog log(options.jsonLog);
  auto server = ReplayServer::start(file->recording, *schema,
                                    {.policy = workspace->policy,
                                     .rules = *std::move(rules),
                                     .upstream = workspace->upstream,
                                     .log = [&log](const ReplayEvent& event) { log.take(event); }});
  if (!server) return fail(server.error());
  for (const Workspace::Listen& listen : workspace->listen)
    if (auto listening = (*server)->listen(listen.address, listen.tls); !listening)
      return fail(listening.error());
  for (const std::string& sentence : (*server)->warnings()) warn(sentence);
  // Endpoints say that they are ready before anything is logged of their calls.
  for (const std::string& address : (*server)->addresses())
    std::printf("listening on %s\n", printable(address).c_str());
  std::fflush(stdout);
  log.begin();

  signals.wait();
  signals.restore();
  (*server)->stop();
  const ReplayReport report = (*server)->report();
  log.finish(reportText(report, recording, groupCalls(recording)));
  return options.verify && !isAsRecorded(report) ? kNo : kDone;
}

}  // namespace

void addServeCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Stand in for the recorded service");
  addServeOptions(*command, *options);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli
