#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "command.h"
#include "schema/json_writer.h"

namespace retake::cli {

inline void putNumber(JsonWriter& json, std::string_view key, std::uint64_t value) {
  json.key(key);
  json.literal(std::to_string(value));
}

inline void putText(JsonWriter& json, std::string_view key, std::string_view value) {
  json.key(key);
  json.string(printable(value));
}

}  // namespace retake::cli
