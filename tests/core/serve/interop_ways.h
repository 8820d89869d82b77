#pragma once

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "interop_cases/interop_case.h"

namespace retake::test {

// How a client of grpc.testing.TestService reaches what answers it. One object a case.
class Way {
 public:
  virtual ~Way() = default;
  // Makes ready for the case. Empty when it is; else why not.
  virtual std::string before(const InteropCase&) { return {}; }
  virtual std::shared_ptr<grpc::Channel> channel() = 0;
  // What is not as it has to be when the client has done. Empty: nothing.
  virtual std::string after(const InteropCase&) { return {}; }
};

struct NamedWay {
  const char* name;
  std::function<std::unique_ptr<Way>()> make;
  bool hasExtras = true;  // the client is told what the Go packages' file has no place for
};

// The first is the service itself: what all others are held against.
const std::vector<NamedWay>& interopWays();

}  // namespace retake::test
