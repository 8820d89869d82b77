#pragma once

#include <functional>
#include <random>
#include <string>

namespace retake::test {

// A message of kinds.proto with every kind of field filled at random, and with planted values everywhere in
// it: in strings, bytes, keys of maps, Any, groups, extensions, unknown fields, JSON, as they are and in
// base64, hex and URL escapes, one in the other. The same seed plants in the same places, whatever `plant`
// gives: it is asked for each value with its number.
std::string plantedMessage(unsigned seed, const std::function<std::string(unsigned number)>& plant);
// A text that holds one, as a status message or a value of metadata may.
std::string plantedText(unsigned seed, const std::function<std::string(unsigned number)>& plant);

}  // namespace retake::test
