#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

#include "serve/endpoint_kind.h"
#include "serve/endpoint_server.h"
#include "serve/socket_connections.h"

namespace retake {
namespace {

constexpr const char* kInUse = "the address is in use";

struct HostPort {
  std::string host;  // without brackets
  std::string port;
  bool bracketed = false;
  std::string withPort(int number) const {
    return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(number);
  }
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

// The addresses that `split` stands for, of those that can be listened on, found by trying: gRPC only logs
// why it cannot. SO_REUSEADDR as gRPC sets it: a port whose last connections are still being closed is free.
Result<std::vector<SocketName>> freeAddresses(const HostPort& split) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int failure = ::getaddrinfo(split.host.c_str(), split.port.c_str(), &hints, &found); failure != 0)
    return Error{"the host cannot be resolved: " + std::string(::gai_strerror(failure))};
  std::vector<SocketName> names;
  std::string why;
  for (const addrinfo* at = found; at && why != kInUse; at = at->ai_next) {
    const int fd = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    const int on = 1;
    if (fd >= 0 && at->ai_family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd >= 0 && ::bind(fd, at->ai_addr, at->ai_addrlen) == 0 && ::listen(fd, 1) == 0) {
      sockaddr_storage address{};
      std::memcpy(&address, at->ai_addr, std::min<std::size_t>(at->ai_addrlen, sizeof address));
      names.push_back(socketName(address, at->ai_addrlen));
    } else {
      why = errno == EADDRINUSE ? kInUse : std::strerror(errno);
    }
    if (fd >= 0) ::close(fd);
  }
  ::freeaddrinfo(found);
  // "localhost" may have an address of a family that this machine does not speak.
  if (names.empty() || why == kInUse) return Error{why};
  return names;
}

// A TCP port.
class TcpEndpoint final : public Endpoint {
 public:
  TcpEndpoint(const EndpointSecurity& security, const std::shared_ptr<Serving>& serving)
      : m_server(serving, security.credentials) {}

  ~TcpEndpoint() override {
    // A call that reaches gRPC while it shuts down is CANCELLED; without its connection it is UNAVAILABLE.
    const auto isOurs = [this](const SocketName& local) {
      return local.port == m_port && std::any_of(m_hosts.begin(), m_hosts.end(), [&](const SocketName& host) {
               return host.isAny ? !local.host.empty() : host.host == local.host;
             });
    };
    closeConnections(isOurs, m_server.closeBound());
  }

  Result<void> open(const HostPort& split, const EndpointSecurity& security) {
    auto hosts = freeAddresses(split);
    if (!hosts) return hosts.error();
    m_hosts = *std::move(hosts);
    const bool started = m_server.start(split.withPort(std::stoi(split.port)), [&](int port) {
      m_port = static_cast<std::uint16_t>(port);
      return split.withPort(port);
    });
    // It was free a moment ago, and the certificate is good.
    if (!started) return Error{kInUse};
    m_warning = security.warning;
    const bool reachable =
        std::any_of(m_hosts.begin(), m_hosts.end(), [](const SocketName& host) { return !host.isLoopback; });
    if (reachable && !security.encrypted)
      m_warning = address() +
                  ": other machines can reach it, and without TLS anybody on the way can read and change "
                  "the calls; listen on 127.0.0.1, or give it a certificate";
    else if (!m_warning.empty())
      m_warning = address() + ": " + m_warning;
    return {};
  }

  const std::string& address() const override { return m_server.address(); }
  std::string warning() const override { return m_warning; }

 private:
  std::vector<SocketName> m_hosts;
  std::uint16_t m_port = 0;
  std::string m_warning;
  EndpointServer m_server;  // ends first
};

// "127.0.0.1:0" (any free port), "[::1]:50051", "localhost:50051". An address in use is an Error, also where
// its owner would share it.
Result<std::unique_ptr<Endpoint>> openTcp(std::string_view address, const EndpointSecurity& security,
                                          const std::shared_ptr<Serving>& serving) {
  const auto split = splitAddress(address);
  if (!split) return Error{"expected HOST:PORT, as in 127.0.0.1:0 or [::1]:50051, or unix:PATH"};
  auto endpoint = std::make_unique<TcpEndpoint>(security, serving);
  if (auto opened = endpoint->open(*split, security); !opened) return opened.error();
  return std::unique_ptr<Endpoint>(std::move(endpoint));
}

}  // namespace

extern const EndpointKind kTcpEndpoint;
const EndpointKind kTcpEndpoint = {[](std::string_view) { return true; }, openTcp};

}  // namespace retake
