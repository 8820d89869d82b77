#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "initial_state/state_form.h"
#include "initial_state/text_problem.h"
#include "schema/schema.h"

// An initial state as text that a person reads and edits, and back. In every form no bytes are a blank text.
namespace retake {

// An Error says why the bytes cannot be said in that form.
Result<std::string> stateText(ByteView bytes, const StateForm& form, const Schema& schema);

struct StateParse {
  std::string bytes;                   // where there is no problem
  std::optional<TextProblem> problem;  // the first one
  bool ok() const { return !problem; }
};
// The bytes that the text says in that form. What the text leaves open is taken from `original`, the bytes
// as they were: a text that says the same as stateText() does of them gives the very same bytes, JSON on one
// line stays there, a message keeps the fields that JSON cannot show.
StateParse stateBytes(std::string_view text, const StateForm& form, const Schema& schema,
                      ByteView original = {});

}  // namespace retake
