#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "client/upstream.h"
#include "schema/schema_file.h"

namespace retake {

class Schema;

// Long enough for thousands of files over a slow line; nobody waits longer for a service that does not
// answer.
inline constexpr std::chrono::milliseconds kReflectionTimeout = std::chrono::seconds(10);

enum class Unreachable : std::uint8_t {
  Fails,  // at once
  Waits   // a server that starts meanwhile is asked
};

// Asks a live server for its services and all the files that they need, by server reflection: v1, and v1alpha
// where that is not there. Source: the comments of proto/grpc/reflection/v1/reflection.proto. Blocks,
// `timeout` bounds all of it; not for gRPC's own threads.
//
// A file that comes with Retake (google/protobuf/any.proto and the like) need not be there, and a service
// that the server names and does not know is left out, unless nothing else is there. An Error says what was
// asked for and what came of it, behind "reflection:ADDRESS: ".
Result<SchemaFiles> readReflection(const Upstream& upstream,
                                   std::chrono::milliseconds timeout = kReflectionTimeout,
                                   Unreachable unreachable = Unreachable::Fails);

// What it gives as the bytes of a descriptor set, to be kept in a file.
std::string descriptorSetOf(const SchemaFiles& files);

// The same as a Schema: types of messages and kinds of streams, by method.
Result<std::shared_ptr<const Schema>> schemaOfUpstream(const Upstream& upstream,
                                                       std::chrono::milliseconds timeout = kReflectionTimeout,
                                                       Unreachable unreachable = Unreachable::Fails);

}  // namespace retake
