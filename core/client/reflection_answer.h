#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

// The messages of grpc.reflection (proto/grpc/reflection), as its client speaks them. v1 and v1alpha are the
// same bytes.
namespace retake {

// Field numbers of ServerReflectionRequest's oneof.
enum class ReflectionAsk : std::uint32_t { File = 3, Symbol = 4, Services = 7 };

std::string reflectionRequest(ReflectionAsk ask, std::string_view text);

// A ServerReflectionResponse.
struct ReflectionAnswer {
  struct Refusal {
    std::int32_t code = 0;
    std::string message = {};
  };
  std::vector<std::string> files = {};  // bytes of a FileDescriptorProto each
  std::vector<std::string> services = {};
  std::optional<Refusal> refusal = {};
};

// Nothing when that is no such message.
std::optional<ReflectionAnswer> readReflectionAnswer(ByteView bytes);

}  // namespace retake
