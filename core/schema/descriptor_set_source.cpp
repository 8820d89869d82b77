#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/logging.h>

#include "schema/schema_source.h"

namespace retake {
namespace {

// What protoc --descriptor_set_out and buf build write: a FileDescriptorSet. Its first field is file = 1,
// so the first byte is a line end, as it may be in a .proto: whether it parses, and its files have names
// and content, tells.
std::optional<Result<SchemaFiles>> read(const SchemaPlace& place) {
  if (!place.bytes || !place.bytes->starts_with('\n') || place.bytes->size() > INT32_MAX) return std::nullopt;
  const google::protobuf::LogSilencer quiet;
  google::protobuf::FileDescriptorSet set;
  if (!set.ParsePartialFromArray(place.bytes->data(), static_cast<int>(place.bytes->size())) ||
      set.file().empty())
    return std::nullopt;
  SchemaFiles files;
  for (auto& file : *set.mutable_file()) {
    if (file.name().empty()) return std::nullopt;
    files.push_back({.proto = std::make_unique<google::protobuf::FileDescriptorProto>(),
                     .shown = place.name + ": " + file.name(),
                     .lines = nullptr});
    files.back().proto->Swap(&file);
  }
  return files;
}

}  // namespace

const SchemaSource kDescriptorSetSource = {"a descriptor set", read};

}  // namespace retake
