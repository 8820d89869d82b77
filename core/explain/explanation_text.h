#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "explain/explanation.h"

// Parts that the text and the details of a miss have in common.
namespace retake {

// Of a method's name in a status: one that is longer says no more, and leaves no room.
inline constexpr std::size_t kMaxMethod = 160;

// A method's name as text: a client may have sent any bytes.
std::string methodText(const std::string& name, std::size_t limit);

// The first line: "retake: /pkg.S/M: 12 calls are recorded, none with an equal request".
std::string whatHappened(const Explanation& explanation, std::size_t maxMethod);

// Differences with short values first.
std::vector<const Difference*> mostTelling(const NearCall& near);

}  // namespace retake
