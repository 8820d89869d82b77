#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "recording/calls.h"

namespace retake::test {

// One call of the pinger (support/pinger.proto). A bidirectional one reads `count` answers behind each text
// that it sends; each reads to its end.
struct PingCall {
  CallKind kind = CallKind::Unary;
  std::vector<std::string> texts;  // one, of a call that sends one
  int count = 1;
  std::vector<std::pair<std::string, std::string>> metadata = {};
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

// Makes calls through one of the APIs that grpc++ has. Blocks until a call is over.
class PingCaller {
 public:
  virtual ~PingCaller() = default;
  // What the client got, a line each, its status last.
  virtual std::string call(const PingCall& call) = 0;
};

// "sync", "queue" (a completion queue), "callback", "generic" (by a completion queue), "generic callback".
inline constexpr const char* kPingApis[] = {"sync", "queue", "callback", "generic", "generic callback"};
std::unique_ptr<PingCaller> pingCaller(const std::string& api, const std::shared_ptr<grpc::Channel>& channel);

}  // namespace retake::test
