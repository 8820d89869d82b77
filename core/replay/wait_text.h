#pragma once

#include <chrono>
#include <string>

namespace retake {

// "10 seconds", "1 second", "250 ms": for notes.
inline std::string inSeconds(std::chrono::milliseconds wait) {
  if (wait.count() % 1000 != 0) return std::to_string(wait.count()) + " ms";
  const auto count = std::chrono::duration_cast<std::chrono::seconds>(wait).count();
  return std::to_string(count) + (count == 1 ? " second" : " seconds");
}

}  // namespace retake
