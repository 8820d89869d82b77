#pragma once

#include <cstdint>
#include <optional>

#include "document/snapshot.h"

namespace retake::gui {

// Index of the call that the entry belongs to; empty when the snapshot does not have the entry.
inline std::optional<std::uint32_t> callIndex(const Snapshot& snapshot, EntryId entry) {
  const auto position = snapshot.recording->position(entry);
  return position ? snapshot.calls->indexOf(*snapshot.recording, *position) : std::nullopt;
}

}  // namespace retake::gui
