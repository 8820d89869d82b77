#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scrub/scrubber.h"

// Recorded messages where scrub rules are on: what is told of them has nothing that the rules take out.
namespace retake {

// The message at a position as the rules make it; nothing where that is the same.
std::optional<std::string> toldMessage(const Scrubber& rules, const FilterInput& input,
                                       std::uint32_t position, const ScrubHits& hits = {});

// Whether it is marked as scrubbed, or looks so: a file that is written as the Go packages write it has no
// marks.
bool isScrubbed(const Recording& recording, std::uint32_t position);

}  // namespace retake
