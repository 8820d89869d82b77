#include "replay/replayer.h"

namespace retake {

Result<std::unique_ptr<Replayer>> Replayer::create(std::shared_ptr<const Recording> recording,
                                                   std::shared_ptr<const Schema> schema, Options options) {
  std::unique_ptr<Replayer> replayer(new Replayer(options));
  auto replaced = replayer->replace(std::move(recording), std::move(schema));
  if (!replaced) return replaced.error();
  return replayer;
}

ReplaySession Replayer::open(std::string_view method, std::uint64_t sequence) {
  return ReplaySession(*this, served(), method, sequence);
}

std::shared_ptr<const ServedRecording> Replayer::served() const {
  const std::lock_guard lock(m_mutex);
  return m_served;
}

Result<std::vector<EntryId>> Replayer::replace(std::shared_ptr<const Recording> recording,
                                               std::shared_ptr<const Schema> schema) {
  const auto before = served();
  auto after = std::make_shared<ServedRecording>();
  after->recording = std::move(recording);
  after->schema = std::move(schema);
  std::vector<EntryId> changed;
  if (before) changed = changedEntries(*before->recording, *after->recording);
  if (before && before->schema == after->schema &&
      sameIndex(*before->recording, *before->calls, *after->recording)) {
    after->calls = before->calls;
    after->cursors = before->cursors;
  } else {
    after->calls = std::make_shared<const Calls>(groupCalls(*after->recording));
    auto index = MatchIndex::build(*after->recording, *after->calls, *after->schema);
    if (!index) return index.error();
    after->cursors = std::make_shared<MatchCursors>(*std::move(index));
  }
  const std::lock_guard lock(m_mutex);
  m_served = std::move(after);
  return changed;
}

std::vector<std::uint32_t> Replayer::neverAskedFor() const {
  const auto served = this->served();
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t index = 0; index < served->calls->size(); ++index) {
    const Call call = (*served->calls)[index];
    if (!m_matcher.isUsed(served->recording->info(call.first).id)) numbers.push_back(call.number);
  }
  return numbers;
}

}  // namespace retake
