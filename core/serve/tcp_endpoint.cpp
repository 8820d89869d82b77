#include "serve/tcp_endpoint.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>

#include "serve/replay_service.h"
#include "serve/tcp_connections.h"

namespace retake {
namespace {

struct HostPort {
  std::string host;  // without brackets
  std::string port;
  bool bracketed = false;
};

std::optional<HostPort> splitAddress(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  HostPort split{std::string(address.substr(0, colon)), std::string(address.substr(colon + 1)), false};
  if (split.host.size() >= 2 && split.host.front() == '[' && split.host.back() == ']') {
    split.host = split.host.substr(1, split.host.size() - 2);
    split.bracketed = true;
  }
  const bool hasColon = split.host.find(':') != std::string::npos;
  const bool stray = !split.bracketed && split.host.find_first_of("[]") != std::string::npos;
  if (split.host.empty() || stray || hasColon != split.bracketed || split.host.find('/') != std::string::npos)
    return std::nullopt;
  std::uint16_t port = 0;
  const char* end = split.port.data() + split.port.size();
  const auto [at, error] = std::from_chars(split.port.data(), end, port);
  if (error != std::errc() || at != end) return std::nullopt;
  split.port = std::to_string(port);
  return split;
}

// Why `split` cannot be listened on, by trying: gRPC only logs it. Empty when it can. SO_REUSEADDR as
// gRPC sets it: a port whose last connections are still being closed is free.
std::optional<std::string> whyNotFree(const HostPort& split) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int failure = ::getaddrinfo(split.host.c_str(), split.port.c_str(), &hints, &found); failure != 0)
    return "the host cannot be resolved: " + std::string(::gai_strerror(failure));
  std::optional<std::string> why;
  bool some = false;
  for (const addrinfo* at = found; at && !(why && why->starts_with("the address is in use"));
       at = at->ai_next) {
    const int fd = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    const int on = 1;
    if (fd >= 0 && at->ai_family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd >= 0 && ::bind(fd, at->ai_addr, at->ai_addrlen) == 0 && ::listen(fd, 1) == 0)
      some = true;
    else
      why = errno == EADDRINUSE ? "the address is in use" : std::string(std::strerror(errno));
    if (fd >= 0) ::close(fd);
  }
  ::freeaddrinfo(found);
  // "localhost" may have an address of a family that this machine does not speak.
  if (some && !(why && why->starts_with("the address is in use"))) return std::nullopt;
  return why;
}

}  // namespace

void prepareBuilder(grpc::ServerBuilder& builder, ReplayService& service) {
  builder.RegisterCallbackGenericService(&service);
  builder.SetMaxReceiveMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A client's keepalive was tuned to the real service: no GOAWAY for it here.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
}

TcpEndpoint::TcpEndpoint() = default;

Result<std::unique_ptr<TcpEndpoint>> TcpEndpoint::open(std::string_view address,
                                                       const std::shared_ptr<Serving>& serving) {
  const std::string given(address);
  const auto split = splitAddress(address);
  if (!split)
    return Error{"cannot listen on " + (given.empty() ? "\"\"" : given) +
                 ": expected HOST:PORT, as in 127.0.0.1:0 or [::1]:50051"};
  if (const auto why = whyNotFree(*split)) return Error{"cannot listen on " + given + ": " + *why};

  std::unique_ptr<TcpEndpoint> endpoint(new TcpEndpoint);
  endpoint->m_service = std::make_unique<ReplayService>(serving, true);
  const std::string host = split->bracketed ? "[" + split->host + "]" : split->host;
  grpc::ServerBuilder builder;
  prepareBuilder(builder, *endpoint->m_service);
  int port = 0;
  builder.AddListeningPort(host + ":" + split->port, grpc::InsecureServerCredentials(), &port);
  const auto held = endpoint->m_service->lock();  // a first call waits until its endpoint has a name
  endpoint->m_server = builder.BuildAndStart();
  if (!endpoint->m_server || port <= 0) return Error{"cannot listen on " + given + ": the address is in use"};
  endpoint->m_port = static_cast<std::uint16_t>(port);
  endpoint->m_address = host + ":" + std::to_string(port);
  endpoint->m_service->setEndpoint(endpoint->m_address);
  return endpoint;
}

TcpEndpoint::~TcpEndpoint() {
  if (!m_server) return;
  // A call that reaches gRPC while it shuts down is CANCELLED; without its connection it is UNAVAILABLE.
  closeConnections(m_port);
  // At once: a peer that connected and says nothing would make gRPC wait for all of a later deadline.
  m_server->Shutdown(std::chrono::system_clock::now());
  m_server->Wait();
}

}  // namespace retake
