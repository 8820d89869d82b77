#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retake {

// The keys that JSON has for the fields of message types; remembers each type that it was asked for.
// Not thread-safe.
class FieldNames {
 public:
  // "displayName", "[pkg.extension]".
  std::string key(const google::protobuf::FieldDescriptor& field);
  // By JSON name, by the name in the .proto, or by "[full.name]"; null when there is none.
  const google::protobuf::FieldDescriptor* field(const google::protobuf::Descriptor& type,
                                                 std::string_view key);

 private:
  struct Names {
    std::unordered_map<std::string, const google::protobuf::FieldDescriptor*> byKey;
    std::vector<std::string> keys;  // by FieldDescriptor::index()
  };
  const Names& names(const google::protobuf::Descriptor& type);

  std::unordered_map<const google::protobuf::Descriptor*, Names> m_types;
};

}  // namespace retake
