#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "schema/field_path.h"
#include "schema/schema.h"

namespace retake {

// One value in a message: where it stands (the places of elements in lists apart) and what it is, as a hash.
struct LeafHash {
  std::uint64_t path = 0;
  std::uint64_t value = 0;  // of path and value together
};

// The leaves of a message, from its bytes: fast rather than exact. What is ignored is left out; `type` may be
// null, and then payloads are guessed. Of a message with very many leaves the first ones.
std::vector<LeafHash> leafHashes(const Schema& schema, const google::protobuf::Descriptor* type,
                                 ByteView message, const FieldPathSet& ignore);

// A message in 32 bytes, so that the nearest of a million is found by looking at all of them. Each lane is a
// checksum of the leaves whose paths fall to it: where one leaf differs, one lane does.
struct RequestSketch {
  static constexpr unsigned kLanes = 16;
  std::array<std::uint64_t, 4> lanes{};  // four of 16 bits each
  bool operator==(const RequestSketch&) const = default;
};
RequestSketch sketchOf(const std::vector<LeafHash>& leaves);

// In how many lanes two differ: 0 to kLanes.
inline unsigned sketchDistance(const RequestSketch& a, const RequestSketch& b) {
  constexpr std::uint64_t kLow = 0x7fff'7fff'7fff'7fff;
  std::uint64_t lanes = 0;
  for (std::size_t i = 0; i < a.lanes.size(); ++i) {
    const std::uint64_t x = a.lanes[i] ^ b.lanes[i];
    lanes += ((((x & kLow) + kLow) | x) & ~kLow) >> 15u;  // 1 in each lane that is not 0
  }
  return static_cast<unsigned>((lanes * 0x0001'0001'0001'0001u) >> 48u);
}

// In how many leaves two messages differ, at least; both sorted by value.
std::size_t leafDistance(const std::vector<LeafHash>& a, const std::vector<LeafHash>& b);

}  // namespace retake
