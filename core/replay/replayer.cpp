#include "replay/replayer.h"

#include "recording/status_code.h"

namespace retake {
namespace {

// An upstream can be asked again for what was cut off.
MatchIndex::LeaveOut leftOut(const ReplayPolicy& policy) {
  return policy.extra == ExtraCalls::Fail ? MatchIndex::LeaveOut::WhereOthersAnswer
                                          : MatchIndex::LeaveOut::CutOff;
}

}  // namespace

Result<std::unique_ptr<Replayer>> Replayer::create(std::shared_ptr<const Recording> recording,
                                                   std::shared_ptr<const Schema> schema,
                                                   ReplayPolicy policy) {
  std::unique_ptr<Replayer> replayer(new Replayer(policy));
  auto served = replayer->serve(std::move(recording), std::move(schema), policy, nullptr);
  if (!served) return served.error();
  return replayer;
}

ReplaySession Replayer::open(std::string_view method, std::uint64_t sequence, WakerSource waker,
                             const std::function<Metadata()>& metadata) {
  auto served = this->served();
  std::optional<Metadata> sent;
  if (served->terms || m_beforeMatch || served->index().comparesMetadata(method))
    sent = metadata ? metadata() : Metadata();
  return ReplaySession(*this, std::move(served), method, sequence, std::move(waker), std::move(sent));
}

std::shared_ptr<const ServedRecording> Replayer::served() const {
  const std::lock_guard lock(m_mutex);
  return m_served;
}

Result<std::vector<EntryId>> Replayer::replace(std::shared_ptr<const Recording> recording,
                                               std::shared_ptr<const Schema> schema) {
  const std::lock_guard changing(m_changing);
  const auto before = served();
  auto done = serve(std::move(recording), std::move(schema), before->policy, before->terms);
  if (!done) return done.error();
  return changedEntries(*before->recording, *served()->recording);
}

Result<void> Replayer::setPolicy(const ReplayPolicy& policy) {
  const std::lock_guard changing(m_changing);
  const auto before = served();
  return serve(before->recording, before->schema, policy, before->terms);
}

Result<void> Replayer::setRules(std::shared_ptr<const Scrubber> rules) {
  const std::lock_guard changing(m_changing);
  const auto before = served();
  std::shared_ptr<SessionTerms> terms;
  if (rules) terms = std::make_shared<SessionTerms>(std::move(rules), m_lastTerms.get());
  if (terms) m_lastTerms = terms;
  return serve(before->recording, before->schema, before->policy, std::move(terms));
}

// What the snapshot before has is kept as far as it is the same.
Result<void> Replayer::serve(std::shared_ptr<const Recording> recording, std::shared_ptr<const Schema> schema,
                             const ReplayPolicy& policy, std::shared_ptr<SessionTerms> terms) {
  const auto before = served();
  auto after = std::make_shared<ServedRecording>();
  after->recording = std::move(recording);
  after->schema = std::move(schema);
  after->policy = policy;
  after->terms = std::move(terms);
  const bool sameRecording = before && before->recording == after->recording;
  const bool sameCalls =
      sameRecording || (before && sameIndex(*before->recording, *before->calls, *after->recording));
  const bool sameSchema = before && before->schema == after->schema;
  const bool sameRules = before && before->policy.match.ignore == policy.match.ignore &&
                         before->policy.match.compareMetadata == policy.match.compareMetadata &&
                         (!before->index().hasCutOff() || leftOut(before->policy) == leftOut(policy));
  after->calls = sameCalls ? before->calls : std::make_shared<const Calls>(groupCalls(*after->recording));
  if (sameCalls && sameSchema && sameRules) {
    after->cursors = before->cursors;
  } else {
    auto index =
        MatchIndex::build(*after->recording, *after->calls, *after->schema, policy.match, leftOut(policy));
    if (!index) return index.error();
    after->cursors = std::make_shared<MatchCursors>(*std::move(index));
  }
  const bool sameQueues = sameRecording && after->cursors == before->cursors;
  if (after->recording->hasExtras())
    after->headers = sameQueues ? before->headers : std::make_shared<AgreedHeaders>();
  if (policy.pace.pace == Pace::Causal) {
    if (sameQueues) after->causal = before->causal;
    if (!after->causal)
      after->causal = m_order.follow(after->recording, after->calls, after->cursors->index,
                                     [this](EntryId id) { return m_matcher.isUsed(id); });
  }
  if (sameRecording && sameSchema)
    after->explainer = before->explainer;
  else
    after->explainer = std::make_shared<const Explainer>(after->recording, after->calls, after->schema);
  m_matcher.setReuse(policy.match.reuse);
  const std::lock_guard lock(m_mutex);
  m_served = std::move(after);
  return {};
}

Explanation Replayer::explain(const ServedRecording& served, const MissedCall& missed) const {
  return served.explainer->explain(
      missed, served.policy.match, [this](EntryId id) { return m_matcher.isUsed(id); },
      [&served](std::uint32_t call) { return served.index().isLeftOut(call); });
}

ReplayEnd endOfMiss(const Explanation& explanation, std::string_view also) {
  const std::int32_t code =
      explanation.miss.why == Miss::Why::NotRecorded ? status_code::kUnimplemented : status_code::kUnknown;
  std::string text = statusText(explanation) + std::string(also);
  std::string details = statusDetails(explanation, code, text);
  return {{code, std::move(text), std::move(details)}, ReplayEvent::Outcome::Missed, {}};
}

std::vector<std::uint32_t> Replayer::neverAskedFor() const {
  const auto served = this->served();
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t index = 0; index < served->calls->size(); ++index) {
    if (served->index().isLeftOut(index)) continue;
    const Call call = (*served->calls)[index];
    if (!m_matcher.isUsed(served->recording->info(call.first).id)) numbers.push_back(call.number);
  }
  return numbers;
}

}  // namespace retake
