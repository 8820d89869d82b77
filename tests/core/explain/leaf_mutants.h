#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "schema/schema.h"

namespace retake::test {

// A message in which one leaf was changed.
struct Mutant {
  std::string path;     // of the leaf, by name: "a.b[2]", m["key"]
  std::string numbers;  // and by number: "1.2[2]"
  bool isMapKey = false;
  std::string bytes;
};

// Every leaf of `message` changed in turn: a number by one, a character of a string or a byte of bytes; of
// the same shape otherwise. Own code: it knows nothing of what it is to judge.
std::vector<Mutant> leafMutants(const google::protobuf::Descriptor& type, ByteView message);

}  // namespace retake::test
