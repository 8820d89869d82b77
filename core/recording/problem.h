#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "recording/recording.h"

namespace retake {

// What can be done about a Problem. Applied by edit/edit.h, undone like any edit.
struct Repair {
  enum class Kind : std::uint8_t {
    None,
    DropTail,          // leave out the bytes behind the last whole record
    WriteHeader,       // an empty initial state, where the file has none
    RemoveEntry,       // leave the entry out
    RemoveCall,        // leave out the REQUEST or CREATE_STREAM and all that refers to it
    AnswerRequest,     // UNAVAILABLE "recording ended", as a recorder writes that is closed in mid-call
    WriteEmptyMessage  // a message without fields, of the type that the method's other calls have
  };
  Kind kind = Kind::None;
  EntryId entry;
  bool operator==(const Repair&) const = default;
};

// "remove the entry", as a button or a hint says it.
std::string describe(const Repair& repair);

// Damage that one can read past. `text` is one sentence: thing, place, expected, found.
struct Problem {
  std::string text;
  std::uint64_t offset = 0;               // bytes from the start of the file
  std::optional<std::uint32_t> position;  // of the entry, 0-based
  Repair repair;
};

// Everything that is wrong with a recording as such, in file order: it is derived, so a repair makes
// it go away, though removing an entry may leave another one alone that has a repair of its own.
// Looks at the wrapping of each entry, at extras and into statuses, not into messages. Types that a schema
// does not know: schema/check.h. When `task` is stopped, what was found until then.
//
// Sources: the readers of the two Go packages, which take a file whole or not at all.
std::vector<Problem> findProblems(const Recording& recording, const Task& task = {});

}  // namespace retake
