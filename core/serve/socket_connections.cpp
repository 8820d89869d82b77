#include "serve/socket_connections.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>
#include <memory>

namespace retake {
namespace {

void nameIpv4(in_addr address, SocketName& name) {
  char text[INET_ADDRSTRLEN];
  name.host = ::inet_ntop(AF_INET, &address, text, sizeof text);
  name.isLoopback = ntohl(address.s_addr) >> 24 == 127;
  name.isAny = address.s_addr == htonl(INADDR_ANY);
}

void closeIfOurs(int fd, const std::function<bool(const SocketName&)>& isOurs) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  int listens = 1;
  socklen_t size = sizeof listens;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return;
  ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
  if (listens == 0 && isOurs(socketName(address, length))) ::shutdown(fd, SHUT_RDWR);
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

void closeConnections(const std::function<bool(const SocketName& local)>& isOurs) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return;
  while (const dirent* entry = ::readdir(folder.get())) {
    int number = -1;
    const auto [end, error] =
        std::from_chars(entry->d_name, entry->d_name + std::strlen(entry->d_name), number);
    if (error != std::errc() || *end != '\0' || number == ::dirfd(folder.get())) continue;
    // A descriptor of our own: another thread may close that one, and its number then is somebody else's.
    const int fd = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) continue;
    closeIfOurs(fd, isOurs);
    ::close(fd);
  }
}

}  // namespace retake
