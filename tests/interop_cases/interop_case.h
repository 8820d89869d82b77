#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace retake::test {

// What one client does with grpc.testing.TestService, with generated, synchronous stubs.
struct InteropCase {
  const char* name;
  // Empty when all was as it has to be; else what was not.
  std::string (*run)(const std::shared_ptr<grpc::Channel>& channel);
  // It looks at what the Go packages' file has no place for (metadata, how a call ended at the service): of
  // a recording without the extra fields nothing can answer it.
  bool needsExtras = false;
  // The client leaves so soon that nobody may hear of its call.
  bool mayNotArrive = false;
};

// All of them: gRPC's own, by the names of its interop-test-descriptions.md, then ours.
const std::vector<InteropCase>& interopCases();

// A file's share each.
std::span<const InteropCase> grpcsOwnCases();
std::span<const InteropCase> metadataCases();
std::span<const InteropCase> streamCases();

}  // namespace retake::test
