#pragma once

#include <memory>

#include "explain/explainer.h"
#include "match/matcher.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "replay/causal_order.h"
#include "replay/policy.h"
#include "replay/recorded_metadata.h"
#include "schema/schema.h"
#include "scrub/session_terms.h"

namespace retake {

// One snapshot as it is served, and how. A call keeps the one that it began with.
struct ServedRecording {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<MatchCursors> cursors;  // and the index; shared by snapshots that differ in answers only

  std::shared_ptr<const Explainer> explainer;
  std::shared_ptr<CausalOrder::Snapshot> causal = {};  // where the policy has that pace
  std::shared_ptr<AgreedHeaders> headers = {};         // where the recording has extras
  std::shared_ptr<SessionTerms> terms = {};            // where scrub rules are on
  ReplayPolicy policy;

  const MatchIndex& index() const { return *cursors->index; }
  FilterInput input() const { return {recording, calls, schema}; }
  // Those that are on; else null.
  std::shared_ptr<const Scrubber> rules() const { return terms ? terms->scrubber() : nullptr; }
};

}  // namespace retake
