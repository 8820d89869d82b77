#pragma once

#include <memory>

#include "scrub/scrub_settings.h"
#include "scrub/scrubber.h"

namespace retake {

// Of all rules that are on, those of the settings and of their files. Null where none is, or they are off as
// a whole. Reads the files of rules and key.
Result<std::shared_ptr<const Scrubber>> openScrubber(const ScrubSettings& settings,
                                                     std::shared_ptr<const Schema> schema);

}  // namespace retake
