#pragma once

#include <memory>

#include "match/matcher.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "schema/schema.h"

namespace retake {

// One snapshot as it is served. A call keeps the one that it began with.
struct ServedRecording {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<MatchCursors> cursors;  // and the index; shared by snapshots that differ in answers only

  const MatchIndex& index() const { return *cursors->index; }
};

}  // namespace retake
