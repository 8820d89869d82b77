#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace retake::test {

// Calls of one method, with first messages by number.
struct Load {
  std::string method;
  bool isUnary = true;
  int sends = 1;                                   // messages of the client a call
  std::function<std::string(int number)> request;  // the first one; the others are the same
  int requests = 1;                                // numbers are below this
};

// What a round of calls took.
struct LoadResult {
  double callsASecond = 0;
  std::vector<double> latencies;  // microseconds, a call each
  int failed = 0;
};

// Makes `calls` calls with `inFlight` of them under way at a time, beginning with request number `first`.
// A chat waits for an answer before it sends the next message. Blocks.
LoadResult runLoad(const std::shared_ptr<grpc::Channel>& channel, const Load& load, int calls, int inFlight,
                   int first);

// `quantile` of 0.5 is the median; reorders `values`.
double quantile(std::vector<double>& values, double quantile);

}  // namespace retake::test
