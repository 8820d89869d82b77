#include "explain/explainer.h"

namespace retake {

struct Explainer::State {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<const Schema> schema;
};

Explainer::Explainer(std::shared_ptr<const Recording> recording, std::shared_ptr<const Calls> calls,
                     std::shared_ptr<const Schema> schema)
    : m_state(new State{std::move(recording), std::move(calls), std::move(schema)}) {}
Explainer::~Explainer() = default;

Explanation Explainer::explain(const MissedCall& missed, const MatchPolicy&,
                               const std::function<bool(EntryId)>&) const {
  return {.miss = missed.miss, .method = missed.method, .sent = missed.sent};
}

}  // namespace retake
