#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "replay/reaction.h"
#include "replay/served_recording.h"

// Services that every stand-in has, recorded or not: tools ask for them by themselves. Answered from what is
// served, by our own code: no generated one, which would clash with that of a program that links ours
// (libgrpc++_reflection aborts it).
namespace retake {

// What goes out: a message, then the end.
struct BuiltinReply {
  std::optional<std::string> message = {};
  std::optional<ServedStatus> end = {};
};

// The server's side of one call. Not thread-safe.
class BuiltinCall {
 public:
  virtual ~BuiltinCall() = default;
  // Nothing more is told after an end.
  virtual BuiltinReply message(ByteView message) = 0;
  virtual BuiltinReply halfClosed() = 0;
};

struct BuiltinMethod {
  std::string_view path;  // "/pkg.Service/Method"
  std::unique_ptr<BuiltinCall> (*open)(std::shared_ptr<const ServedRecording> served);
};

// Null for any other path. A recording's own calls of the method go before.
const BuiltinMethod* builtinMethod(std::string_view path);
// What the built-in services are made of; immutable.
const Schema& builtinServicesSchema();

// Full names, sorted: of services that the recording has calls of, that its schema knows, and the built-in
// ones.
std::vector<std::string> servicesOf(const ServedRecording& served);

}  // namespace retake
