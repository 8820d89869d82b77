#pragma once

#include <memory>

#include "serve/serving.h"

namespace grpc {
class Channel;
}

namespace retake {

// Channels into this process, without a port. The server behind them lives as long as the last
// channel, since a call on a channel whose in-process server is gone takes the caller down; that calls are
// refused after stop() is the doing of Serving's gate.
class InMemoryEndpoint {
 public:
  explicit InMemoryEndpoint(const std::shared_ptr<Serving>& serving);
  ~InMemoryEndpoint();

  // Null when gRPC cannot start a server.
  std::shared_ptr<grpc::Channel> channel();

 private:
  class Server;
  std::shared_ptr<Server> m_server;
};

}  // namespace retake
