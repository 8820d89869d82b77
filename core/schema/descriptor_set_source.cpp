#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/logging.h>

#include "base/byte_source.h"
#include "schema/schema_source.h"

namespace retake {
namespace {

// What protoc --descriptor_set_out and buf build write: a FileDescriptorSet. Its first field is file = 1,
// so the first byte is a line end, as it may be in a .proto: whether it parses, and its files have names
// and content, tells.
std::optional<Result<SchemaFiles>> read(const std::string& place) {
  const auto source = openSource(place);
  if (!source) return std::nullopt;
  const auto bytes = (*source)->read(0, (*source)->size());
  if (!bytes || bytes->view.empty() || bytes->view.size() > INT32_MAX) return std::nullopt;
  const google::protobuf::LogSilencer quiet;
  google::protobuf::FileDescriptorSet set;
  if (bytes->view.front() != '\n' ||
      !set.ParsePartialFromArray(bytes->view.data(), static_cast<int>(bytes->view.size())) ||
      set.file().empty())
    return std::nullopt;
  SchemaFiles files;
  for (auto& file : *set.mutable_file()) {
    if (file.name().empty()) return std::nullopt;
    files.push_back({.proto = std::make_unique<google::protobuf::FileDescriptorProto>(),
                     .shown = place + ": " + file.name(),
                     .lines = nullptr});
    files.back().proto->Swap(&file);
  }
  return files;
}

}  // namespace

const SchemaSource kDescriptorSetSource = {"a descriptor set", read};

}  // namespace retake
