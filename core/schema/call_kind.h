#pragma once

#include "recording/calls.h"
#include "schema/schema.h"

namespace retake {

// The kind of `call`, from the schema where it knows the method, else as it was inferred.
CallKind callKind(const Schema& schema, const Recording& recording, const Call& call);

}  // namespace retake
