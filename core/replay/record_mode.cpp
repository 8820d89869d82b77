#include "replay/record_mode.h"

#include <array>
#include <utility>

namespace retake {
namespace {

constexpr std::array<std::pair<RecordMode, std::string_view>, 4> kNames = {
    {{RecordMode::All, "all"},
     {RecordMode::None, "none"},
     {RecordMode::Once, "once"},
     {RecordMode::NewEpisodes, "new_episodes"}}};

}  // namespace

std::string_view recordModeName(RecordMode mode) {
  for (const auto& [one, name] : kNames)
    if (one == mode) return name;
  return {};
}

std::optional<RecordMode> recordModeFromName(std::string_view name) {
  for (const auto& [mode, one] : kNames)
    if (one == name) return mode;
  return std::nullopt;
}

RecordMode resolved(RecordMode mode, bool hasRecording) {
  if (mode != RecordMode::Once) return mode;
  return hasRecording ? RecordMode::None : RecordMode::All;
}

ReplayPolicy inMode(ReplayPolicy policy, RecordMode mode) {
  policy.passThrough = mode == RecordMode::All;
  policy.extra = isRecording(mode) ? ExtraCalls::Record : ExtraCalls::Fail;
  return policy;
}

RecordMode modeOf(const ReplayPolicy& policy) {
  if (policy.extra != ExtraCalls::Record) return RecordMode::None;
  return policy.passThrough ? RecordMode::All : RecordMode::NewEpisodes;
}

}  // namespace retake
