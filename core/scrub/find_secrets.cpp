#include "scrub/find_secrets.h"

#include <algorithm>

#include "scrub/detect/collect_finds.h"
#include "scrub/detect/recording_finder.h"

namespace retake {

void FindCollector::add(SecretFind&& find) {
  ++m_counts[detectorIndex(find.detector)];
  if (m_finds.finds.size() < m_limit) m_finds.finds.push_back(std::move(find));
}

SecretFinds FindCollector::finish(bool stopped) && {
  const auto& all = secretDetectors();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (m_counts[i] > 0) m_finds.counts.emplace_back(all[i].id, m_counts[i]);
  m_finds.stopped = stopped;
  return std::move(m_finds);
}

Result<SecretFinds> findSecrets(const FilterInput& input, const FindOptions& options, const Task& task) {
  const auto wanted = detectorSet(options.detectors);
  if (!wanted) return wanted.error();
  const Recording& recording = *input.recording;
  FindCollector finds(options.limit);
  RecordingFinder finder(*input.schema, *wanted, [&](SecretFind&& find) { finds.add(std::move(find)); });
  const auto state = recording.initialState();
  if (!state) return state.error();
  finder.initialState(state->view);
  const std::uint32_t step = std::max<std::uint32_t>(recording.size() / 200, 64);
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    if (position % step == 0) {
      if (task.stopped()) return std::move(finds).finish(true);
      task.report(position, recording.size());
    }
    const auto entry = recording.entry(position);
    if (!entry) return entry.error();
    finder.entry(*entry);
  }
  const auto tail = recording.tail();
  if (!tail) return tail.error();
  if (!tail->view.empty()) finder.rest(tail->view);
  return std::move(finds).finish(false);
}

std::vector<SecretFind> findSecretsIn(std::string_view text) {
  std::vector<SecretFind> finds;
  for (const TextFind& find : TextFinder::get().find(text, {}, DetectorSet().set()))
    finds.push_back({.detector = secretDetectors()[find.detector].id,
                     .entry = {},
                     .in = ScrubHit::In::Message,
                     .path = {},
                     .value = std::string(text.substr(find.at, find.size)),
                     .inside = {},
                     .whole = find.size == text.size()});
  return finds;
}

}  // namespace retake
