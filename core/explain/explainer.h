#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "explain/explanation.h"
#include "match/policy.h"
#include "recording/calls.h"
#include "recording/metadata.h"
#include "recording/recording.h"
#include "schema/schema.h"

namespace retake {

class Scrubber;

// What is known of a call that nothing answers.
struct MissedCall {
  Miss miss;
  std::string method;     // "/pkg.Service/Method"
  bool isStream = false;  // as the transport knows, or the recording
  // The message that matched nothing, where there was one; as scrub rules make it, where they are on.
  std::shared_ptr<const std::string> sent = {};
  // The client's, where the policy compares some; empty: not known. Likewise scrubbed.
  std::optional<Metadata> metadata = {};
  std::shared_ptr<const Scrubber> rules = {};  // that are on
};

// Explains misses of one snapshot. Costs nothing until the first miss; then it reads the first messages of
// the method's calls once. About 5 ms a miss after that, also at a million calls. Safe to use from any number
// of threads; not meant for a thread that serves.
class Explainer {
 public:
  Explainer(std::shared_ptr<const Recording> recording, std::shared_ptr<const Calls> calls,
            std::shared_ptr<const Schema> schema);
  ~Explainer();

  // `isUsed` says of a REQUEST or CREATE_STREAM whether it has been handed out: of calls that are equally
  // near an unused one comes first. `isLeftOut` likewise of a call, an index into the Calls, whether it
  // answers nothing since it was cut off; empty: none is.
  Explanation explain(const MissedCall& missed, const MatchPolicy& policy,
                      const std::function<bool(EntryId)>& isUsed,
                      const std::function<bool(std::uint32_t)>& isLeftOut = {}) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace retake
