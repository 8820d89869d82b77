#pragma once

#include <cstring>
#include <string>

namespace retake {

// What the system calls an errno.
inline std::string systemText(int error) { return std::strerror(error); }

}  // namespace retake
