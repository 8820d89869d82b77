#pragma once

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.pb.h>

#include <memory>
#include <string>
#include <vector>

namespace retake {

// One .proto file on its way into a Schema, with what complaints about it need.
struct SchemaFile {
  // The table of lines is keyed by addresses within it: it stays where it is.
  std::unique_ptr<google::protobuf::FileDescriptorProto> proto;
  std::string shown;  // how complaints name it: a path, or "set.pb: shop/v1/cart.proto"
  std::unique_ptr<google::protobuf::compiler::SourceLocationTable> lines;  // null where there is no text
};

using SchemaFiles = std::vector<SchemaFile>;

}  // namespace retake
