#pragma once

#include "recording/recording.h"
#include "schema/schema.h"
#include "scrub/find_secrets.h"

namespace retake {

// Says where in its entry the value stands: `in` and `path`. What stands in no value of its own, but in the
// method's name or in bytes that nobody can read, has no path.
void locate(const Schema& schema, const Recording& recording, LeftSecrets::Value& left);

}  // namespace retake
