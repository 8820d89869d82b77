#pragma once

#include <memory>
#include <optional>
#include <string>

#include "command.h"
#include "record/recorder.h"

namespace retake::cli {

// A recorder whose failures and notes are told on standard error at once.
Result<std::shared_ptr<Recorder>> recordInto(const std::string& path, RecorderOptions options);
// Likewise, behind what `file` holds.
Result<std::shared_ptr<Recorder>> recordBehind(const std::string& path, const OpenedFile& file,
                                               RecorderOptions options);

// Closes it, and tells what it has recorded: "recorded 12 calls, 31 entries, 4096 bytes, into out.replay".
// What was not written is in `lost`, too.
std::string closeRecorder(Recorder& recorder, const std::string& path, std::optional<Error>& lost);

}  // namespace retake::cli
