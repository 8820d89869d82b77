#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace retake::test {

// The live service (pinger.proto) on an address of its own, until it is destroyed. A client asks for more in
// its metadata: "echo-header" and "echo-trailer" ("KEY=VALUE", repeatable), "headers-first" (before any
// message is read), "size" (bytes of each answer's text). In a chat "enough" ends it with ABORTED, "overdue" with
// DEADLINE_EXCEEDED a moment before the client's deadline.
class LivePinger {
 public:
  explicit LivePinger(
      const std::string& address = "127.0.0.1:0",
      const std::shared_ptr<grpc::ServerCredentials>& credentials = grpc::InsecureServerCredentials());
  ~LivePinger();
  const std::string& address() const { return m_address; }  // with its port
  grpc::Server& server() { return *m_server; }

  struct Seen {
    std::multimap<std::string, std::string> metadata = {};
    std::chrono::system_clock::time_point deadline = {};
  };
  // What came with the call that began last.
  Seen lastCall() const;
  int callsBegun() const;
  int callsCancelled() const;  // and over
  int messagesWritten() const;

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
