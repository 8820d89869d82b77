#include "serve/endpoint_kind.h"
#include "serve/server_tls.h"

namespace retake {

extern const EndpointKind kUnixEndpoint;
extern const EndpointKind kTcpEndpoint;

namespace {

// The first that takes an address opens it.
constexpr const EndpointKind* kKinds[] = {&kUnixEndpoint, &kTcpEndpoint};

}  // namespace

Result<std::unique_ptr<Endpoint>> openEndpoint(std::string_view address, const ServerTls& tls,
                                               const std::shared_ptr<Serving>& serving) {
  const std::string place = "cannot listen on " + (address.empty() ? "\"\"" : std::string(address)) + ": ";
  const auto security = serverSecurity(tls);
  if (!security) return Error{place + security.error().message};
  for (const EndpointKind* kind : kKinds) {
    if (!kind->takes(address)) continue;
    auto endpoint = kind->open(address, *security, serving);
    if (!endpoint) return Error{place + endpoint.error().message};
    return endpoint;
  }
  return Error{place + "expected HOST:PORT or unix:PATH"};
}

}  // namespace retake
