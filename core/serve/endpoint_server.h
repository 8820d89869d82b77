#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "serve/serving.h"

namespace grpc {
class Server;
class ServerBuilder;
class ServerCredentials;
}  // namespace grpc

namespace retake {

class ReplayService;

// What servers and upstream channels take of headers: far more than any client sends by itself.
inline constexpr int kMaxMetadataBytes = 1 << 20;

// Bytes of the largest message that a client may send; -1: any. 64 MiB or twice the largest recorded one:
// more than a program sends that works, and less than what takes the memory away. Where calls are
// forwarded it is the upstream's to say.
int receiveLimit(const ServedRecording& served);

// What all endpoints have in common.
void prepareBuilder(grpc::ServerBuilder& builder, ReplayService& service);

// The gRPC server of one endpoint that has an address.
class EndpointServer {
 public:
  EndpointServer(const std::shared_ptr<Serving>& serving,
                 std::shared_ptr<grpc::ServerCredentials> credentials);
  ~EndpointServer();
  EndpointServer(const EndpointServer&) = delete;
  EndpointServer& operator=(const EndpointServer&) = delete;

  // Listens at `target`, as gRPC writes addresses. `name` gives the endpoint's address, of the port that was
  // taken (of no meaning for a Unix socket), or an empty one when it cannot be had after all. No call is
  // begun before that. False when gRPC does not listen.
  bool start(const std::string& target, const std::function<std::string(int port)>& name);
  // Takes no more calls, and ends what is under way at once.
  void shutDown();

  // How long clients may take to read what was written to them: no time where there was nothing to end.
  std::chrono::milliseconds closeBound() const;

  const std::string& address() const { return m_address; }

 private:
  const std::shared_ptr<grpc::ServerCredentials> m_credentials;
  const std::unique_ptr<ReplayService> m_service;
  std::unique_ptr<grpc::Server> m_server;
  std::string m_address;
};

}  // namespace retake
