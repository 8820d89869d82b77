#include "serve/server_tls.h"

#include <grpcpp/security/server_credentials.h>

#include "client/pem.h"

namespace retake {

Result<EndpointSecurity> serverSecurity(const ServerTls& tls) {
  if (tls == ServerTls{}) return EndpointSecurity{.credentials = grpc::InsecureServerCredentials()};
  if (tls.certFile.empty() || tls.keyFile.empty())
    return Error{std::string("TLS needs a certificate and its key: expected both files, found no ") +
                 (tls.certFile.empty() ? "certificate" : "key")};
  auto identity = readPemIdentity(tls.certFile, tls.keyFile);
  if (!identity) return identity.error();
  grpc::SslServerCredentialsOptions options(tls.clientCaFile.empty()
                                                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_key_cert_pairs.push_back({std::move(identity->key), std::move(identity->chain)});
  if (!tls.clientCaFile.empty()) {
    auto authorities = readPemAuthorities(tls.clientCaFile);
    if (!authorities) return authorities.error();
    options.pem_root_certs = *std::move(authorities);
  }
  return EndpointSecurity{.credentials = grpc::SslServerCredentials(options),
                          .encrypted = true,
                          .warning = std::move(identity->warning)};
}

}  // namespace retake
