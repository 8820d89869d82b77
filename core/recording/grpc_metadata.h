#pragma once

#include <grpcpp/support/string_ref.h>

#include <map>

#include "recording/metadata.h"

namespace retake {

// Of metadata as gRPC gives it, what is not a hop's own: by key, those of one key in the order they were
// sent.
inline Metadata endToEndOf(const std::multimap<grpc::string_ref, grpc::string_ref>& received) {
  Metadata metadata;
  for (const auto& [key, value] : received)
    if (isEndToEnd({key.data(), key.size()}))
      metadata.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
  return metadata;
}

}  // namespace retake
