#include "serve/socket_connections.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace retake {
namespace {

void nameIpv4(in_addr address, SocketName& name) {
  char text[INET_ADDRSTRLEN];
  name.host = ::inet_ntop(AF_INET, &address, text, sizeof text);
  name.isLoopback = ntohl(address.s_addr) >> 24 == 127;
  name.isAny = address.s_addr == htonl(INADDR_ANY);
}

bool isOurConnection(int fd, const std::function<bool(const SocketName&)>& isOurs) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  int listens = 1;
  socklen_t size = sizeof listens;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return false;
  ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
  return listens == 0 && isOurs(socketName(address, length));
}

// Descriptors of our own: another thread may close those that it has, and their numbers then are somebody
// else's.
std::vector<pollfd> ourConnections(const std::function<bool(const SocketName&)>& isOurs) {
  std::vector<pollfd> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return found;
  while (const dirent* entry = ::readdir(folder.get())) {
    int number = -1;
    const auto [end, error] =
        std::from_chars(entry->d_name, entry->d_name + std::strlen(entry->d_name), number);
    if (error != std::errc() || *end != '\0' || number == ::dirfd(folder.get())) continue;
    const int fd = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) continue;
    if (isOurConnection(fd, isOurs))
      found.push_back({.fd = fd, .events = POLLRDHUP, .revents = 0});
    else
      ::close(fd);
  }
  return found;
}

// Until the other side of each has taken what was written to it: of a Unix socket read, of TCP at least
// received.
void waitUntilTaken(const std::vector<pollfd>& connections, std::chrono::milliseconds bound) {
  const auto isTaken = [](const pollfd& connection) {
    int left = 0;
    return ::ioctl(connection.fd, SIOCOUTQ, &left) != 0 || left == 0;
  };
  const auto until = std::chrono::steady_clock::now() + bound;
  while (std::chrono::steady_clock::now() < until &&
         !std::all_of(connections.begin(), connections.end(), isTaken))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // nothing tells
}

// Until the other side of each has closed.
void waitForPeers(std::vector<pollfd> open, std::chrono::milliseconds bound) {
  const auto until = std::chrono::steady_clock::now() + bound;
  while (!open.empty()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    if (::poll(open.data(), open.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) return;
    std::erase_if(open, [](const pollfd& one) { return one.revents != 0; });
  }
}

}  // namespace

SocketName socketName(const sockaddr_storage& address, std::size_t length) {
  SocketName name;
  if (address.ss_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    name.port = ntohs(ipv4.sin_port);
    nameIpv4(ipv4.sin_addr, name);
  } else if (address.ss_family == AF_INET6) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
    name.port = ntohs(ipv6.sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
      in_addr ipv4{};
      std::memcpy(&ipv4, ipv6.sin6_addr.s6_addr + 12, sizeof ipv4);
      nameIpv4(ipv4, name);
    } else {
      char text[INET6_ADDRSTRLEN];
      name.host = ::inet_ntop(AF_INET6, &ipv6.sin6_addr, text, sizeof text);
      name.isLoopback = IN6_IS_ADDR_LOOPBACK(&ipv6.sin6_addr) != 0;
      name.isAny = IN6_IS_ADDR_UNSPECIFIED(&ipv6.sin6_addr) != 0;
    }
  } else if (address.ss_family == AF_UNIX && length > offsetof(sockaddr_un, sun_path)) {
    const auto& local = reinterpret_cast<const sockaddr_un&>(address);
    name.path.assign(local.sun_path, ::strnlen(local.sun_path, length - offsetof(sockaddr_un, sun_path)));
    name.isLoopback = true;
  }
  return name;
}

void closeConnections(const std::function<bool(const SocketName& local)>& isOurs,
                      std::chrono::milliseconds bound) {
  const std::vector<pollfd> connections = ourConnections(isOurs);
  waitUntilTaken(connections, bound);
  // First our direction alone: a client that is just writing, as it does by itself, would see that fail and
  // never read how its call ended.
  for (const pollfd& connection : connections) ::shutdown(connection.fd, SHUT_WR);
  waitForPeers(connections, bound);
  for (const pollfd& connection : connections) {
    ::shutdown(connection.fd, SHUT_RDWR);
    ::close(connection.fd);
  }
}

}  // namespace retake
