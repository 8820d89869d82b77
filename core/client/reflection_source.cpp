#include "client/reflection_client.h"
#include "client/schema_places.h"
#include "schema/schema_source.h"

namespace retake {
namespace {

// "reflection:ADDR": the services of a server that listens there, without TLS.
std::optional<Result<SchemaFiles>> read(const SchemaPlace& place) {
  if (!place.name.starts_with(kReflectionPrefix)) return std::nullopt;
  return readReflection({.address = place.name.substr(kReflectionPrefix.size())});
}

}  // namespace

extern const SchemaSource kReflectionSource;
const SchemaSource kReflectionSource = {"a server's reflection (reflection:ADDR)", read};

}  // namespace retake
