#include "client/schema_places.h"

#include <array>

#include "schema/schema_source.h"
#include "schema/sources.h"

namespace retake {

extern const SchemaSource kReflectionSource;  // reflection_source.cpp

namespace {

// A line each; those of files stand in schema/sources.cpp.
constexpr std::array<const SchemaSource*, 1> kSources = {&kReflectionSource};

}  // namespace

Result<std::shared_ptr<const Schema>> loadSchemaPlaces(std::span<const std::string> places) {
  return loadSchema(places, kSources);
}

}  // namespace retake
