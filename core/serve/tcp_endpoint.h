#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "serve/serving.h"

namespace grpc {
class Server;
class ServerBuilder;
}  // namespace grpc

namespace retake {

class ReplayService;

// What servers and upstream channels take of headers: far more than any client sends by itself.
inline constexpr int kMaxMetadataBytes = 1 << 20;

// What all endpoints have in common.
void prepareBuilder(grpc::ServerBuilder& builder, ReplayService& service);

// A TCP port that listens from open() on.
class TcpEndpoint {
 public:
  // "127.0.0.1:0" (any free port), "[::1]:50051", "localhost:50051". An address in use is an Error, also
  // where its owner would share it.
  static Result<std::unique_ptr<TcpEndpoint>> open(std::string_view address,
                                                   const std::shared_ptr<Serving>& serving);
  // Ends what is still under way at once, and closes the port.
  ~TcpEndpoint();

  // With the port that was taken.
  const std::string& address() const { return m_address; }

 private:
  TcpEndpoint();
  std::unique_ptr<ReplayService> m_service;
  std::unique_ptr<grpc::Server> m_server;
  std::string m_address;
  std::uint16_t m_port = 0;
};

}  // namespace retake
