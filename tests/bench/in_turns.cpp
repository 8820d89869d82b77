#include "bench/in_turns.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace retake::test {
namespace {

constexpr int kStride = 1'000'000;
// Short rounds: a machine that others use slows down and speeds up within a second.
constexpr int kUnaryCallsARound = 200;
constexpr int kStreamCallsARound = 40;
// The first and the last calls of a round have fewer beside them.
constexpr int kLeastByInFlight = 8;

}  // namespace

Channels channelsOf(const std::shared_ptr<grpc::Channel>& inMemory, const std::string& address) {
  return {{"memory", inMemory}, {"TCP", grpc::CreateChannel(address, grpc::InsecureChannelCredentials())}};
}

Ceiling::Ceiling() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&m_service);
  m_server = builder.BuildAndStart();
  m_address = "127.0.0.1:" + std::to_string(port);
  m_channels = channelsOf(m_server->InProcessChannel({}), m_address);
}

Ceiling::~Ceiling() {
  m_channels.clear();
  m_server->Shutdown(std::chrono::system_clock::now());
}

void inTurns(benchmark::State& state, const std::shared_ptr<grpc::Channel>& one, const Load& oneLoad,
             const std::shared_ptr<grpc::Channel>& other, const Load& otherLoad, int inFlight) {
  const int calls =
      std::max(oneLoad.isUnary ? kUnaryCallsARound : kStreamCallsARound, kLeastByInFlight * inFlight);
  std::vector<double> oneRate, otherRate, ratios, oneLatency, otherLatency;
  int first = 0;
  bool failed = false;
  bool otherFirst = false;
  for (auto _ : state) {
    LoadResult a, b;
    if (otherFirst) b = runLoad(other, otherLoad, calls, inFlight, first);
    a = runLoad(one, oneLoad, calls, inFlight, first);
    if (!otherFirst) b = runLoad(other, otherLoad, calls, inFlight, first);
    otherFirst = !otherFirst;
    failed = failed || a.failed > 0 || b.failed > 0;
    oneRate.push_back(a.callsASecond);
    otherRate.push_back(b.callsASecond);
    ratios.push_back(b.callsASecond / a.callsASecond);
    oneLatency.insert(oneLatency.end(), a.latencies.begin(), a.latencies.end());
    otherLatency.insert(otherLatency.end(), b.latencies.begin(), b.latencies.end());
    // A stride of its own through the many: neighbours are in the cache.
    first = (first + 7'919 * calls) % kStride;
  }
  if (failed) state.SkipWithError("a call failed");
  const double oneMedian = quantile(oneLatency, 0.5);
  const double otherMedian = quantile(otherLatency, 0.5);
  state.counters["added"] = otherMedian - oneMedian;
  state.counters["one"] = quantile(oneRate, 0.5);
  state.counters["other"] = quantile(otherRate, 0.5);
  state.counters["rate"] = quantile(ratios, 0.5);
  state.counters["p50"] = oneMedian / otherMedian;
  state.counters["p99"] = quantile(oneLatency, 0.99) / quantile(otherLatency, 0.99);
}

void addRounds(const std::string& name, const std::function<void(benchmark::State&)>& rounds) {
  benchmark::RegisterBenchmark(name.c_str(), rounds)
      ->UseRealTime()
      ->MinTime(10)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace retake::test
