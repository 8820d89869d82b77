#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A client on a bare socket that speaks as much HTTP/2 as it is told to, well or badly.
namespace retake::test {

class RawClient {
 public:
  // Of "127.0.0.1:PORT" or "unix:/path".
  explicit RawClient(const std::string& address);
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  RawClient& operator=(RawClient&&) = delete;

  bool isConnected() const { return m_fd >= 0; }
  // False when the other side has closed, or takes nothing for ten seconds.
  bool send(std::string_view bytes) const;
  // Reads until the other side has sent `bytes` or more in all (true), closes, or is silent for ten seconds.
  bool receive(std::size_t bytes) const;
  // Reads until the other side closes; false when it does not within ten seconds.
  bool receiveToTheEnd() const;
  void close();
  // With a reset in place of an orderly end (of a Unix socket: as close()).
  void reset();

 private:
  int m_fd = -1;
};

inline const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kRstStream = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9
};
constexpr std::uint8_t kEndStream = 1;
constexpr std::uint8_t kEndHeaders = 4;

// Source: RFC 9113, section 4.1.
std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload);
// An HPACK block of literals (RFC 7541, section 6.2.2).
std::string headerBlock(const std::vector<std::pair<std::string, std::string>>& headers);
// What a gRPC call of `method` begins with, on an odd stream.
std::string callHeaders(std::uint32_t stream, const std::string& method,
                        const std::vector<std::pair<std::string, std::string>>& more = {});
// A message, as gRPC has it in DATA frames.
std::string grpcMessage(std::string_view message);
// Preface and settings.
std::string hello();

}  // namespace retake::test
