#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "recording/metadata.h"

namespace retake {

// A message of a client, before it is matched. Good for as long as the hook runs.
struct LiveMessage {
  std::string_view method;   // "/pkg.Service/Method"
  std::uint32_t number = 1;  // of this call, from 1: above that it is a stream's
  ByteView bytes;            // a serialized request
  const Metadata& metadata;  // the client's, without what belongs to a hop
};

// Gives the message that is matched in place of it: what a test changed in requests when it recorded, as the
// BeforeFunc of the Go packages does, but for streams as well. An Error fails the call with its sentence and
// UNKNOWN, as there. Called by many threads at once, those that serve; must not block, and not throw. A call
// that is forwarded gets what the client sent all the same.
using BeforeMatch = std::function<Result<std::string>(const LiveMessage& message)>;

}  // namespace retake
