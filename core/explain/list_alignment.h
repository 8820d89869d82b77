#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace retake {

inline constexpr std::uint32_t kNoElement = std::numeric_limits<std::uint32_t>::max();

// Which elements of two lists belong together, in order: equal ones (by their hashes) as far as that goes
// without crossing, those between them by `likeness` (of an element of each; larger is nearer) where they are
// few, else by place. kNoElement where an element has no other.
std::vector<std::pair<std::uint32_t, std::uint32_t>> alignLists(
    std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
    const std::function<double(std::uint32_t, std::uint32_t)>& likeness);

}  // namespace retake
