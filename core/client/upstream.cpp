#include "client/upstream.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/un.h>

#include <charconv>
#include <filesystem>

#include "client/grpc_lifetime.h"
#include "client/pem.h"

namespace retake {
namespace {

// What the far side may send of headers and trailers: far more than 8 KiB, which is gRPC's own limit.
constexpr int kMetadataBytes = 1 << 20;

// How long the channel waits, at first and at most, until it looks again for a service that is not there.
// gRPC's own, up to two minutes, spare a service that thousands of clients wait for.
constexpr int kFirstBackoffMs = 100;
constexpr int kMaxBackoffMs = 500;

constexpr std::string_view kUnix = "unix:";

Error noUpstream(const std::string& address, const std::string& why) {
  return Error{"cannot use " + (address.empty() ? "\"\"" : address) + " as an upstream: " + why};
}

// A URI's path. All else of a host or a file name that is taken means itself there.
std::string percentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (c == '%')
      encoded += "%25";
    else if (c == '?')
      encoded += "%3F";
    else if (c == '#')
      encoded += "%23";
    else
      encoded += c;
  }
  return encoded;
}

bool isPort(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && at == end && port > 0;
}

// The address as gRPC's name resolvers take it. Both forms differ from any peer that gRPC names: so a call
// that was never connected is told by its peer (forwarded_call.cpp).
Result<std::string> targetOf(const std::string& address) {
  if (address.starts_with(kUnix)) {
    std::string path = address.substr(kUnix.size());
    if (path.starts_with("///")) path.erase(0, 2);
    if (path.empty()) return noUpstream(address, "expected a path behind \"unix:\", found none");
    std::error_code failure;
    path = std::filesystem::absolute(path, failure).string();
    if (failure) return noUpstream(address, failure.message());
    if (path.size() >= sizeof(sockaddr_un{}.sun_path))
      return noUpstream(address, "expected a path of at most " +
                                     std::to_string(sizeof(sockaddr_un{}.sun_path) - 1) + " bytes, found " +
                                     std::to_string(path.size()));
    return "unix://" + percentEncoded(path);
  }
  const auto colon = address.rfind(':');
  const std::string host = address.substr(0, colon == std::string::npos ? 0 : colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const bool clean = host.find_first_of(bracketed ? " /?#" : " /?#[]:@") == std::string::npos;
  if (host.empty() || !clean || !isPort(std::string_view(address).substr(colon + 1)))
    return noUpstream(address, "expected HOST:PORT, [IPv6]:PORT or unix:/path, found no such address");
  return "dns:///" + percentEncoded(address);
}

Result<std::shared_ptr<grpc::ChannelCredentials>> credentialsOf(const ClientTls& tls,
                                                                const std::string& address) {
  if (!tls.enabled) return grpc::InsecureChannelCredentials();
  if (tls.certFile.empty() != tls.keyFile.empty())
    return noUpstream(address, tls.keyFile.empty() ? "a client certificate needs its key, and none is given"
                                                   : "a client key needs its certificate, and none is given");
  grpc::SslCredentialsOptions options;
  if (!tls.caFile.empty()) {
    auto authorities = readPemAuthorities(tls.caFile);
    if (!authorities) return authorities.error();
    options.pem_root_certs = *std::move(authorities);
  }
  if (!tls.certFile.empty()) {
    auto identity = readPemIdentity(tls.certFile, tls.keyFile);
    if (!identity) return identity.error();
    options.pem_cert_chain = std::move(identity->chain);
    options.pem_private_key = std::move(identity->key);
  }
  return grpc::SslCredentials(options);
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> openChannel(const Upstream& upstream) {
  const auto target = targetOf(upstream.address);
  if (!target) return target.error();
  const auto credentials = credentialsOf(upstream.tls, upstream.address);
  if (!credentials) return credentials.error();
  keepGrpc();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstBackoffMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxBackoffMs);
  // gRPC shares connections to one address within a process, also with those of a service that is gone.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // How calls are retried is the client's to say, not that of a name server's record.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  if (upstream.tls.enabled && !upstream.tls.serverName.empty())
    arguments.SetSslTargetNameOverride(upstream.tls.serverName);
  return grpc::CreateCustomChannel(*target, *credentials, arguments);
}

}  // namespace retake
