#pragma once

#include <benchmark/benchmark.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "bench/empty_service.h"
#include "bench/load.h"

namespace retake::test {

using Channels = std::map<std::string, std::shared_ptr<grpc::Channel>>;  // by transport: "memory", "TCP"
Channels channelsOf(const std::shared_ptr<grpc::Channel>& inMemory, const std::string& address);

// The empty service, in memory and over TCP.
class Ceiling {
 public:
  Ceiling();
  ~Ceiling();
  const std::string& address() const { return m_address; }
  const std::shared_ptr<grpc::Channel>& channel(const std::string& transport) {
    return m_channels[transport];
  }

 private:
  EmptyService m_service;
  std::unique_ptr<grpc::Server> m_server;
  std::string m_address;
  Channels m_channels;
};

// Rounds of one and the other in turns: whatever else the machine does slows both. All of these are better
// when they are higher: `rate` is the median of the pairs' ratios of calls a second, `p50` and `p99` are
// one's latency by the other's. `one` and `other` are calls a second, `added` is the other's median latency
// less the one's, in microseconds.
void inTurns(benchmark::State& state, const std::shared_ptr<grpc::Channel>& one, const Load& oneLoad,
             const std::shared_ptr<grpc::Channel>& other, const Load& otherLoad, int inFlight);
// For ten seconds of them, at least.
void addRounds(const std::string& name, const std::function<void(benchmark::State&)>& rounds);

}  // namespace retake::test
