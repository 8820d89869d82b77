#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "schema/schema.h"

namespace retake {

// Builds a Schema from all places that people name with --schema: those of files (schema/sources.h), and
// "reflection:ADDR", a live server that is asked for its services (client/reflection_client.h). Blocks while
// it asks, for ten seconds a server at most.
Result<std::shared_ptr<const Schema>> loadSchemaPlaces(std::span<const std::string> places);

// What a place begins with that is a server's and no file's.
inline constexpr std::string_view kReflectionPrefix = "reflection:";

}  // namespace retake
