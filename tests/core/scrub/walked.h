#pragma once

#include <string>

#include "schema/schema.h"
#include "scrub/value_walk.h"

namespace retake::test {

// kinds.proto.
const std::shared_ptr<const Schema>& kindsSchema();
const google::protobuf::Descriptor* kindsType(std::string_view name = "kinds.Kinds");
// From protobuf's text format; aborts when it cannot be read.
std::string kinds(const std::string& text, std::string_view type = "kinds.Kinds");
// In protobuf's text format, on one line.
std::string kindsText(ByteView message, std::string_view type = "kinds.Kinds");

// A line a value: `path (inside) = "text"`, with "key" before the path of a map's key, numbers without quotes
// and bytes as hex.
class Listing : public ValueVisitor {
 public:
  ValueChange text(const ValuePlace& place, std::string_view value) override;
  ValueChange bytes(const ValuePlace& place, ByteView value) override;
  ValueChange number(const ValuePlace& place, std::string_view text) override;
  std::string lines;

 private:
  void add(const ValuePlace& place, const std::string& value);
};

// Puts "***" in place of each "secret", and 7 in place of each 42.
class SecretChanger : public ValueVisitor {
 public:
  ValueChange text(const ValuePlace& place, std::string_view value) override;
  ValueChange number(const ValuePlace& place, std::string_view text) override;
};

}  // namespace retake::test
