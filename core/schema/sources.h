#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "schema/schema.h"

namespace retake {

struct SchemaSource;

// Builds a Schema from the places that people name with --schema: a descriptor set (as protoc
// --descriptor_set_out and buf build write it), a .proto file, or a folder of .proto files (searched
// in depth; it is the import root as well). A .proto file's imports are looked up from its own
// folder, then from the folders above it, then among the built-in types.
//
// An Error holds every complaint of the compiler, one a line, as "FILE:LINE:COLUMN: what".
// Reads files; a descriptor set is told from a .proto by its content. `more` are kinds of places that need
// what this layer does not have; they are asked behind these (client/schema_places.h).
Result<std::shared_ptr<const Schema>> loadSchema(std::span<const std::string> places,
                                                 std::span<const SchemaSource* const> more = {});

}  // namespace retake
