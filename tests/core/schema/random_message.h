#pragma once

#include <string>

#include "schema/schema.h"

namespace retake::test {

// The bytes of a message with every kind of field filled at random, with a liking for the values at the
// edges; if wanted, with unknown fields here and there. All else can be said in JSON.
std::string randomMessage(const Schema& schema, const std::string& type, unsigned seed,
                          bool unknownFields = true);

}  // namespace retake::test
