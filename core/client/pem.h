#pragma once

#include <string>

#include "base/result.h"

namespace retake {

// What TLS is set up from. PEM files are read and checked here, since gRPC only logs what is wrong with them;
// an Error names the file.
struct PemIdentity {
  std::string chain;
  std::string key;
  std::string warning = {};  // that the certificate has expired, or is not valid yet
};

// The key has to be that of the first certificate of the chain, and one that a handshake takes.
Result<PemIdentity> readPemIdentity(const std::string& certFile, const std::string& keyFile);
// Certificates of one or more authorities.
Result<std::string> readPemAuthorities(const std::string& path);

}  // namespace retake
