#include "stand_in.h"

#include <cstdio>

#include "command.h"
#include "record/recorder.h"
#include "serve_log.h"

namespace retake::cli {

void warn(const std::string& sentence) {
  std::fprintf(stderr, "retake-cli: warning: %s\n", printable(sentence).c_str());
}

Result<ReplayReport> serveUntilSignal(const Signals& signals, const StandIn& standIn,
                                      const Conclude& conclude) {
  signals.block();
  // It outlives the server, which logs until it is stopped.
  ServeLog log(standIn.jsonLog);
  const Workspace& workspace = standIn.workspace;
  auto server = ReplayServer::start(standIn.recording, standIn.schema,
                                    {.policy = workspace.policy,
                                     .rules = standIn.rules,
                                     .upstream = workspace.upstream,
                                     .log = [&log](const ReplayEvent& event) { log.take(event); }});
  if (!server) return server.error();
  for (const Workspace::Listen& listen : workspace.listen)
    if (auto listening = (*server)->listen(listen.address, listen.tls); !listening) return listening.error();
  std::shared_ptr<Recorder> recorder;
  if (standIn.openRecorder) {
    auto opened = standIn.openRecorder();
    if (!opened) return opened.error();
    recorder = *std::move(opened);
    (*server)->setRecorder(recorder);
  }
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
  log.finish(conclude(report, recorder.get()));
  return report;
}

}  // namespace retake::cli
