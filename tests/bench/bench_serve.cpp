#include <benchmark/benchmark.h>
#include <grpcpp/grpcpp.h>

#include "bench/in_turns.h"
#include "client/lock_checks.h"
#include "serve/replay_server.h"
#include "support/replay_file.h"

// Calls over a replay server against the same over a generic callback service that answers with a constant:
// the ceiling for serving. Both in one run, in turns, by the same client, which lives in this process. Then
// the same over a recording of a thousand calls against one of a million.
using namespace retake;
using namespace retake::test;

namespace {

constexpr int kFew = 1'000;
constexpr int kMany = 1'000'000;

std::string request(int number) { return field(1, "item-" + std::to_string(number)); }

struct StandIn {
  explicit StandIn(int unaryCalls) : calls(unaryCalls) {
    ReplayFile file;
    for (int i = 0; i < calls; ++i)
      file.unary(kUnaryMethod, {"t.Request", request(i)}, Message{"t.Answer", benchAnswer()});
    const Message answer{"t.Answer", benchAnswer()};
    for (int i = 0; i < kFew; ++i) {
      const std::uint32_t stream = file.createStream(kStreamMethod);
      file.send(stream, {"t.Request", request(i)});
      for (int k = 0; k < kStreamMessages; ++k) file.recv(stream, answer);
      file.recvEnd(stream);
      const std::uint32_t chat = file.createStream(kChatMethod);
      for (int k = 0; k < kStreamMessages; ++k) file.send(chat, {"t.Request", request(i)}).recv(chat, answer);
      file.recvEnd(chat);
    }
    auto started = ReplayServer::start(file.recording(), Schema::builtin(),
                                       {.policy = {.match = {.reuse = Reuse::Cycle}}});
    if (!started) std::abort();
    server = *std::move(started);
    channels = channelsOf(server->channel(), *server->listen("127.0.0.1:0"));
  }
  int calls;
  std::unique_ptr<ReplayServer> server;
  Channels channels;
};

Load unaryLoad(int recorded) { return {kUnaryMethod, true, 1, request, recorded}; }
Load streamLoad() { return {kStreamMethod, false, 1, request, kFew}; }
Load chatLoad() { return {kChatMethod, false, kStreamMessages, request, kFew}; }

}  // namespace

int main(int argc, char** argv) {
  turnOffLockChecks();  // as the programs do
  benchmark::Initialize(&argc, argv);
  Ceiling ceiling;
  Ceiling again;
  StandIn few(kFew);
  StandIn many(kMany);
  for (const std::string transport : {"memory", "TCP"})
    for (const int inFlight : {1, 64}) {
      const std::string where = "/" + transport + "/" + std::to_string(inFlight) + " in flight";
      for (const auto& [name, load] :
           {std::pair("unary", unaryLoad(kFew)), std::pair("server stream", streamLoad()),
            std::pair("chat", chatLoad())})
        addRounds(name + where + "/stand-in by empty",
                  [&, transport, inFlight, load = load](benchmark::State& state) {
                    inTurns(state, ceiling.channel(transport), load, few.channels[transport], load, inFlight);
                  });
      // What the machine makes of two that are the same: how far the other ratios can be trusted.
      addRounds("unary" + where + "/empty by empty", [&, transport, inFlight](benchmark::State& state) {
        inTurns(state, ceiling.channel(transport), unaryLoad(kFew), again.channel(transport), unaryLoad(kFew),
                inFlight);
      });
      addRounds("unary" + where + "/a million by a thousand",
                [&, transport, inFlight](benchmark::State& state) {
                  inTurns(state, few.channels[transport], unaryLoad(kFew), many.channels[transport],
                          unaryLoad(kMany), inFlight);
                });
    }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
