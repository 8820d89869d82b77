#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "schema/schema_file.h"

namespace retake {

// More lines than this help nobody.
inline constexpr std::size_t kMaxComplaints = 50;

// A pool made of some files and the built-in ones.
struct BuiltPool {
  std::unique_ptr<google::protobuf::DescriptorPool> pool;
  // Those that were given, in the order they were built, without files that go by a built-in name.
  std::vector<const google::protobuf::FileDescriptor*> own;
};

// Files may be in any order. One that occurs again, under its name or another one, counts once.
// A given file wins over the built-in one of its name, and over one that defines the same symbol.
Result<BuiltPool> buildPool(SchemaFiles files);

// Built-in files, in an order in which each stands behind its imports.
const google::protobuf::FileDescriptorSet& builtinFiles();
bool isBuiltinFile(const std::string& name);

}  // namespace retake
