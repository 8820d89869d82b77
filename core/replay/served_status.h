#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "recording/recording.h"
#include "replay/reaction.h"

namespace retake {

// What a client gets of the error entry at `position`: of a status its code, text and details; where
// none was recorded the end of a stream (OK), or for a RESPONSE, which cannot end so, what the Go
// packages answer: UNKNOWN "EOF".
ServedStatus servedStatus(const Recording& recording, std::uint32_t position);

// C++ and Python clients take 8 KiB of trailers and see RESOURCE_EXHAUSTED in place of more. `status` and
// `trailers`, which may be null, in at most that: the details are left out first, then the trailers, then
// the text is cut. Says what was done, if anything.
std::optional<std::string> fitIntoTrailers(ServedStatus& status, Metadata* trailers = nullptr);

}  // namespace retake
