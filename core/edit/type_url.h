#pragma once

#include <string>

#include "recording/status.h"

namespace retake {

// "pkg.Message" as an Any names it; what has a slash already stays, and so does nothing.
inline std::string typeUrlOf(std::string name) {
  if (name.empty() || name.find('/') != std::string::npos) return name;
  return std::string(kTypeUrlPrefix) + name;
}

}  // namespace retake
