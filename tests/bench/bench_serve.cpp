#include <benchmark/benchmark.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>

#include "bench/empty_service.h"
#include "bench/load.h"
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
constexpr int kUnaryCallsARound = 2'000;
constexpr int kStreamCallsARound = 200;

using Channels = std::map<std::string, std::shared_ptr<grpc::Channel>>;  // by transport

std::string request(int number) { return field(1, "item-" + std::to_string(number)); }

Channels channelsOf(const std::shared_ptr<grpc::Channel>& inMemory, const std::string& address) {
  return {{"memory", inMemory}, {"TCP", grpc::CreateChannel(address, grpc::InsecureChannelCredentials())}};
}

struct Ceiling {
  Ceiling() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&service);
    server = builder.BuildAndStart();
    channels = channelsOf(server->InProcessChannel({}), "127.0.0.1:" + std::to_string(port));
  }
  ~Ceiling() {
    channels.clear();
    server->Shutdown(std::chrono::system_clock::now());
  }
  EmptyService service;
  std::unique_ptr<grpc::Server> server;
  Channels channels;
};

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

// Rounds of one and the other in turns: whatever else the machine does slows both. All of these are better
// when they are higher: `rate` is the median of the pairs' ratios of calls a second, `p50` and `p99` are
// one's latency by the other's. `other` and `one` are calls a second.
void inTurns(benchmark::State& state, const std::shared_ptr<grpc::Channel>& one, const Load& oneLoad,
             const std::shared_ptr<grpc::Channel>& other, const Load& otherLoad, int inFlight) {
  const int calls = oneLoad.isUnary ? kUnaryCallsARound : kStreamCallsARound;
  std::vector<double> oneRate, otherRate, ratios, oneLatency, otherLatency;
  int first = 0;
  bool failed = false;
  for (auto _ : state) {
    const LoadResult a = runLoad(one, oneLoad, calls, inFlight, first);
    const LoadResult b = runLoad(other, otherLoad, calls, inFlight, first);
    failed = failed || a.failed > 0 || b.failed > 0;
    oneRate.push_back(a.callsASecond);
    otherRate.push_back(b.callsASecond);
    ratios.push_back(b.callsASecond / a.callsASecond);
    oneLatency.insert(oneLatency.end(), a.latencies.begin(), a.latencies.end());
    otherLatency.insert(otherLatency.end(), b.latencies.begin(), b.latencies.end());
    // A stride of its own through the many: neighbours are in the cache.
    first = (first + 7'919 * calls) % kMany;
  }
  if (failed) state.SkipWithError("a call failed");
  state.counters["one"] = quantile(oneRate, 0.5);
  state.counters["other"] = quantile(otherRate, 0.5);
  state.counters["rate"] = quantile(ratios, 0.5);
  state.counters["p50"] = quantile(oneLatency, 0.5) / quantile(otherLatency, 0.5);
  state.counters["p99"] = quantile(oneLatency, 0.99) / quantile(otherLatency, 0.99);
}

template <typename Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->UseRealTime()->MinTime(3)->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
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
        add(name + where + "/stand-in by empty",
            [&, transport, inFlight, load = load](benchmark::State& state) {
              inTurns(state, ceiling.channels[transport], load, few.channels[transport], load, inFlight);
            });
      // What the machine makes of two that are the same: how far the other ratios can be trusted.
      add("unary" + where + "/empty by empty", [&, transport, inFlight](benchmark::State& state) {
        inTurns(state, ceiling.channels[transport], unaryLoad(kFew), again.channels[transport],
                unaryLoad(kFew), inFlight);
      });
      add("unary" + where + "/a million by a thousand", [&, transport, inFlight](benchmark::State& state) {
        inTurns(state, few.channels[transport], unaryLoad(kFew), many.channels[transport], unaryLoad(kMany),
                inFlight);
      });
    }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
