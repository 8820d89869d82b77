#pragma once

#include "serve/endpoint_kind.h"

namespace retake {

// What `tls` asks for; without it, clients are let in as they are. Its files are read and checked here, since
// gRPC only logs what is wrong with them and does not listen. An Error names the file.
Result<EndpointSecurity> serverSecurity(const ServerTls& tls);

}  // namespace retake
