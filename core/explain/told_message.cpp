#include "explain/told_message.h"

#include "recording/entry_extras.h"
#include "scrub/marks.h"

namespace retake {

std::optional<std::string> toldMessage(const Scrubber& rules, const FilterInput& input,
                                       std::uint32_t position, const ScrubHits& hits) {
  const auto changed = rules.entry(input, position, hits);
  if (!changed || !*changed) return std::nullopt;
  const auto fields = parseEntry(**changed);
  return fields ? std::optional(std::string(fields->message)) : std::nullopt;
}

bool isScrubbed(const Recording& recording, std::uint32_t position) {
  const auto bytes = recording.bytes(position);
  if (!bytes) return false;
  if (!scrubMarks(bytes->view).empty()) return true;
  if (!recording.info(position).hasExtras) return false;
  const auto extras = parseExtras(bytes->view);
  return extras && extras->scrubbed;
}

}  // namespace retake
