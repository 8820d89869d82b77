#pragma once

#include <memory>

#include "explain/explainer.h"
#include "match/matcher.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "replay/policy.h"
#include "schema/schema.h"

namespace retake {

// One snapshot as it is served, and how. A call keeps the one that it began with.
struct ServedRecording {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<MatchCursors> cursors;  // and the index; shared by snapshots that differ in answers only

  std::shared_ptr<const Explainer> explainer;
  ReplayPolicy policy;

  const MatchIndex& index() const { return *cursors->index; }
};

}  // namespace retake
