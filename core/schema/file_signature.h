#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <string>

namespace retake {

// What a file defines, one symbol a line, without its name, imports, comments and options: equal for
// a .proto that was just parsed, the same one from protoc or buf, and copies that differ in
// go_package and the like. Empty for a file that defines nothing.
std::string fileSignature(const google::protobuf::FileDescriptorProto& file);

// The first line that only one of the two has, for the sentence that says how they differ.
std::string signatureDifference(const std::string& a, const std::string& b);

}  // namespace retake
