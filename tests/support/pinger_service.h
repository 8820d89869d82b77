#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace retake::test {

// The live service (pinger.proto) on a port of its own, until it is destroyed.
class LivePinger {
 public:
  LivePinger();
  ~LivePinger();
  const std::string& address() const { return m_address; }

 private:
  class Service;
  std::unique_ptr<Service> m_service;
  std::unique_ptr<grpc::Server> m_server;
  std::string m_address;
};

// One client: makes each kind of call, some of them fail, and tells what it got, a line each. The same
// routine runs against the live service and against whatever stands in for it.
std::string runPingClient(const std::shared_ptr<grpc::Channel>& channel);

// The binary replay file that recording runPingClient() against the live service makes.
const std::string& recordedPingClient();
// What it got then.
const std::string& livePingTranscript();

}  // namespace retake::test
