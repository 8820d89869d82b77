#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace grpc {
class ServerBuilder;
}

namespace retake {

class ReplayService;
class Serving;

// TLS at an endpoint. Files are PEM.
struct ServerTls {
  std::string certFile = {};  // the chain; empty: no TLS
  std::string keyFile = {};
  std::string clientCaFile = {};  // clients must show a certificate of this CA (mutual TLS)
  bool enabled() const { return !certFile.empty(); }
  bool operator==(const ServerTls&) const = default;
};

// Somewhere that clients of other processes reach a stand-in; it is open from its making to its end, which
// ends what is still under way at once. A new kind is one new file and one line in endpoints.cpp.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  // As a client dials it, with the port that was taken: "127.0.0.1:43211", "unix:/run/x.sock".
  virtual const std::string& address() const = 0;
  // What a person should know: reachable from other machines without TLS. Empty: nothing.
  virtual std::string warning() const { return {}; }
};

// "127.0.0.1:0" (any free port), "[::1]:50051", "localhost:50051", "unix:/path". An address in use is an
// Error, always; of a Unix socket that nobody answers on, the file is replaced.
Result<std::unique_ptr<Endpoint>> openEndpoint(std::string_view address, const ServerTls& tls,
                                               const std::shared_ptr<Serving>& serving);

}  // namespace retake
