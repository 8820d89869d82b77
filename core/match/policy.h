#pragma once

#include <cstdint>

namespace retake {

// What happens when a request is equal to recorded ones that have all been used.
enum class Reuse : std::uint8_t {
  Once,  // it is missed, as in the Go packages
  Last,  // the last one answers again
  Cycle  // they start again from the first
};

struct MatchPolicy {
  Reuse reuse = Reuse::Once;
};

}  // namespace retake
