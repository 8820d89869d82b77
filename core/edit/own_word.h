#pragma once

#include <string>

#include "recording/entry_extras.h"

namespace retake {

// `entry` as somebody has it who changes or copies it: it is no longer the recorder that says so.
inline std::string ownWord(std::string entry) {
  const auto extras = parseExtras(entry);
  const bool isRecorders = extras && extras->canceller == EntryExtras::Canceller::Recorder;
  return isRecorders ? withoutCanceller(entry) : entry;
}

}  // namespace retake
