#include "raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

namespace retake::test {
namespace {

constexpr int kPatience = 10'000;  // milliseconds

std::string bigEndian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffu));
  return out;
}

// An integer with a prefix of 7 bits, as lengths have it.
std::string hpackLength(std::size_t length) {
  if (length < 127) return std::string(1, static_cast<char>(length));
  std::string out(1, '\x7f');
  for (length -= 127; length >= 128; length >>= 7) out.push_back(static_cast<char>((length & 127u) | 128u));
  out.push_back(static_cast<char>(length));
  return out;
}

}  // namespace

RawClient::RawClient(const std::string& address) {
  sockaddr_storage to{};
  socklen_t length = 0;
  if (address.starts_with("unix:")) {
    auto& unix = reinterpret_cast<sockaddr_un&>(to);
    unix.sun_family = AF_UNIX;
    address.copy(unix.sun_path, sizeof unix.sun_path - 1, 5);
    length = sizeof unix;
  } else {
    auto& ipv4 = reinterpret_cast<sockaddr_in&>(to);
    ipv4.sin_family = AF_INET;
    ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ipv4.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    length = sizeof ipv4;
  }
  m_fd = ::socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(m_fd, reinterpret_cast<sockaddr*>(&to), length) != 0) close();
}

bool RawClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    pollfd ready{m_fd, POLLOUT, 0};
    if (::poll(&ready, 1, kPatience) <= 0) return false;
    const ssize_t sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::receive(std::size_t bytes) const {
  char buffer[65536];
  for (std::size_t got = 0; got < bytes;) {
    pollfd ready{m_fd, POLLIN, 0};
    if (::poll(&ready, 1, kPatience) <= 0) return false;
    const ssize_t read = ::recv(m_fd, buffer, sizeof buffer, 0);
    if (read <= 0) return false;
    got += static_cast<std::size_t>(read);
  }
  return true;
}

bool RawClient::receiveToTheEnd() const {
  char buffer[65536];
  for (;;) {
    pollfd ready{m_fd, POLLIN, 0};
    if (::poll(&ready, 1, kPatience) <= 0) return false;
    if (::recv(m_fd, buffer, sizeof buffer, 0) <= 0) return true;
  }
}

void RawClient::close() {
  if (m_fd >= 0) ::close(std::exchange(m_fd, -1));
}

void RawClient::reset() {
  const linger now{1, 0};
  ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string out = bigEndian(static_cast<std::uint32_t>(payload.size()), 3);
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(flags));
  out += bigEndian(stream, 4);
  return out.append(payload);
}

std::string headerBlock(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    out.push_back('\0');
    out += hpackLength(name.size()) + name + hpackLength(value.size()) + value;
  }
  return out;
}

std::string callHeaders(std::uint32_t stream, const std::string& method,
                        const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::pair<std::string, std::string>> headers = {
      {":method", "POST"}, {":scheme", "http"}, {":path", method},
      {":authority", "x"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
  headers.insert(headers.end(), more.begin(), more.end());
  const std::string block = headerBlock(headers);
  constexpr std::size_t kMost = 16384;  // of a frame, unless the other side says otherwise
  if (block.size() <= kMost) return frame(kHeaders, kEndHeaders, stream, block);
  std::string out = frame(kHeaders, 0, stream, std::string_view(block).substr(0, kMost));
  for (std::size_t at = kMost; at < block.size(); at += kMost) {
    const bool last = at + kMost >= block.size();
    out += frame(kContinuation, last ? kEndHeaders : 0, stream, std::string_view(block).substr(at, kMost));
  }
  return out;
}

std::string grpcMessage(std::string_view message) {
  return std::string(1, '\0') + bigEndian(static_cast<std::uint32_t>(message.size()), 4).append(message);
}

std::string hello() { return kPreface + frame(kSettings, 0, 0, {}); }

}  // namespace retake::test
