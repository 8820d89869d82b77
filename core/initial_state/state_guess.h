#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "initial_state/state_form.h"
#include "schema/schema.h"

namespace retake {

// What opaque bytes may well be. Never more than a guess: to be shown as one, with its reason.
struct StateGuess {
  StateForm form;
  std::string text;    // the bytes in that form, on one line, for people: cut where it is long
  std::string reason;  // "15 bytes as Go's MarshalBinary writes them, of the year 2019"
};

// Empty where nothing speaks for one form more than for another, and for no bytes. stateText() of the bytes
// in the form is no Error.
std::optional<StateGuess> guessState(ByteView bytes, const Schema& schema);

// Messages of the schema that have every field in these bytes, by name; none for no bytes.
std::vector<std::string> fittingTypes(ByteView bytes, const Schema& schema);

}  // namespace retake
