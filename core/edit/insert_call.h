#pragma once

#include "edit/edit.h"

namespace retake {

// apply() of an InsertCall.
Result<Recording> insertCall(const Recording& recording, const InsertCall& edit);

}  // namespace retake
