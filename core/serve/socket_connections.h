#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

struct sockaddr_storage;

namespace retake {

// The address of one end of a socket.
struct SocketName {
  std::string host = {};  // "127.0.0.1", "::1"; an IPv4 address is one also on an IPv6 socket
  std::uint16_t port = 0;
  std::string path = {};    // of a Unix socket
  bool isLoopback = false;  // nobody on another machine reaches it
  bool isAny = false;       // every address of this machine
};
// Empty for a family that we do not listen on, and for a socket without a name. `length` in bytes.
SocketName socketName(const sockaddr_storage& address, std::size_t length);

// Ends both directions of every connection of this process that was accepted where `isOurs` says so; what was
// written before still goes out, and for `bound` at most the other sides may read it and close. The
// descriptors stay gRPC's, which sees an end of file and closes them. gRPC has no call for this: GOAWAY lets
// calls in that it then cancels.
void closeConnections(const std::function<bool(const SocketName& local)>& isOurs,
                      std::chrono::milliseconds bound);

}  // namespace retake
