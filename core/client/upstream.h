#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace grpc {
class Channel;
}

namespace retake {

// TLS towards a service. Files are PEM.
struct ClientTls {
  bool enabled = false;
  std::string caFile = {};    // empty: the system's roots
  std::string certFile = {};  // with keyFile: what the client shows for mutual TLS
  std::string keyFile = {};
  std::string serverName = {};  // expected in the certificate, and sent as SNI; empty: the address's host
  bool operator==(const ClientTls&) const = default;
};

// Where a real service is.
struct Upstream {
  std::string address = {};  // "HOST:PORT", "[::1]:50051", "unix:/path"
  ClientTls tls = {};
  bool operator==(const Upstream&) const = default;
};

// A channel of its own to it, with messages and metadata of any size. Connects when it is first used. An
// Error when the address or a file is no good; that nobody answers there shows at the first call.
Result<std::shared_ptr<grpc::Channel>> openChannel(const Upstream& upstream);

}  // namespace retake
