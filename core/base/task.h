#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

namespace retake {

// What a long function takes so that its caller can stop it and show how far it is. The function
// polls; it knows no threads. A default Task never stops and tells nobody.
struct Task {
  std::stop_token stop = {};
  // Called on the thread that runs the function, at most a few hundred times.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};

  bool stopped() const { return stop.stop_requested(); }
  void report(std::uint64_t done, std::uint64_t total) const {
    if (progress) progress(done, total);
  }
};

}  // namespace retake
