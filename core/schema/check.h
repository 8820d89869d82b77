#pragma once

#include <vector>

#include "base/task.h"
#include "recording/problem.h"
#include "schema/schema.h"

namespace retake {

// Messages that the schema does not know, or whose bytes do not fit their type. One Problem a type
// that is unknown (the first entry that has it, and how many do); one an entry that does not decode.
// Nothing for a schema that only has the built-in types: then nothing was promised.
std::vector<Problem> checkTypes(const Recording& recording, const Schema& schema, const Task& task = {});

}  // namespace retake
