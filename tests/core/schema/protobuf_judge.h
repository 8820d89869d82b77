#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "schema/schema.h"

// Protobuf's own JSON and comparison, to judge ours by; and descriptor sets.
namespace retake::test {

Result<std::string> protobufToJson(const Schema& schema, const std::string& type, const std::string& bytes);
Result<std::string> protobufFromJson(const Schema& schema, const std::string& type, const std::string& json);

bool protobufParses(const Schema& schema, const std::string& type, const std::string& bytes);
// What differs between two messages; empty when they are equal. NaN equals NaN, maps have no order.
std::string difference(const Schema& schema, const std::string& type, const std::string& a,
                       const std::string& b);

// What protoc would write for the schema's files, imports included.
std::string descriptorSet(const Schema& schema);
// Of FileDescriptorProtos in text format, as they are.
std::string descriptorSetOf(const std::vector<std::string>& files);

}  // namespace retake::test
