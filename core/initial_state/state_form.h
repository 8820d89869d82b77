#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "initial_state/integer_text.h"

namespace retake {

// A way to say the bytes of an initial state as text.
struct StateForm {
  enum class Kind : std::uint8_t {
    Hex,
    Base64,
    Utf8,
    Json,     // the bytes are JSON text
    GoTime,   // go_time.h; as RFC 3339
    Integer,  // of `integer`
    Message   // a protobuf message of `type`, as JSON
  };
  Kind kind = Kind::Hex;
  IntegerShape integer = {};
  std::string type = {};  // full name; empty: none, its fields are named by number (wire JSON)

  bool operator==(const StateForm& other) const {
    return kind == other.kind && (kind != Kind::Integer || integer == other.integer) &&
           (kind != Kind::Message || type == other.type);
  }
};

// "hex", "base64", "utf8", "json", "go-time", "uint64be", "message", "message:pkg.Type".
std::string formName(const StateForm& form);
// The other way. The Error does not say whose name it is.
Result<StateForm> formOfName(std::string_view name);
// What a person calls such bytes: "a Go time", "an int64be", "a pkg.Type".
std::string describe(const StateForm& form);

}  // namespace retake
