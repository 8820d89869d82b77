#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "serve/endpoint.h"

namespace grpc {
class ServerCredentials;
}

namespace retake {

// How an endpoint's clients are let in.
struct EndpointSecurity {
  std::shared_ptr<grpc::ServerCredentials> credentials;
  bool encrypted = false;
  std::string warning = {};  // of the certificate: it has expired
};

// One kind of Endpoint, for the list in endpoints.cpp.
struct EndpointKind {
  // Whether an address is meant for this kind; that it is well-formed is open()'s to say.
  bool (*takes)(std::string_view address);
  // An Error is a sentence's second half: "the address is in use".
  Result<std::unique_ptr<Endpoint>> (*open)(std::string_view address, const EndpointSecurity& security,
                                            const std::shared_ptr<Serving>& serving);
};

}  // namespace retake
