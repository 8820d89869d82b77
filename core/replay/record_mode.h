#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "replay/policy.h"

namespace retake {

// What is replayed and what is recorded, in the words of the VCR family of HTTP recorders.
enum class RecordMode : std::uint8_t {
  All,         // nothing is replayed; every call goes to the service, and is recorded anew
  None,        // what is recorded is replayed, and what is not is missed
  Once,        // None where there is a recording, else All
  NewEpisodes  // what is recorded is replayed; what is not goes to the service, and is added
};

// "all", "none", "once", "new_episodes".
std::string_view recordModeName(RecordMode mode);
std::optional<RecordMode> recordModeFromName(std::string_view name);

// As Once is to be understood, which is never the answer.
RecordMode resolved(RecordMode mode, bool hasRecording);
inline bool isRecording(RecordMode resolvedMode) { return resolvedMode != RecordMode::None; }

// A policy that serves in that mode, and its inverse. `mode` is a resolved one.
ReplayPolicy inMode(ReplayPolicy policy, RecordMode mode);
RecordMode modeOf(const ReplayPolicy& policy);

}  // namespace retake
