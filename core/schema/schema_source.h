#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "schema/schema_file.h"

namespace retake {

// What a person named with --schema.
struct SchemaPlace {
  std::string name;
  std::optional<ByteView> bytes;  // of a file; nothing where there is no file of that name
};

// A kind of place that descriptors come from. A new one is one new file and one line: in sources.cpp, or,
// where it needs a layer above, in client/schema_places.cpp.
struct SchemaSource {
  // "a descriptor set", for the sentence that lists what a place may be.
  std::string_view what;
  // Gives the files of `place`; nothing when the place is not of this kind. An Error when it is, and
  // cannot be read.
  std::optional<Result<SchemaFiles>> (*read)(const SchemaPlace& place);
};

extern const SchemaSource kDescriptorSetSource;  // descriptor_set_source.cpp
extern const SchemaSource kProtoFolderSource;    // proto_source.cpp
extern const SchemaSource kProtoFileSource;      // proto_source.cpp

}  // namespace retake
