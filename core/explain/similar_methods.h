#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace retake {

// Recorded methods that `method` ("/pkg.Service/Method") may be meant to be, the nearest first, three at
// most: the same method of another service or version, or a name that is a few letters away.
std::vector<std::string> similarMethods(const Recording& recording, std::string_view method);

}  // namespace retake
