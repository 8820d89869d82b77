#pragma once

#include <cstdint>
#include <vector>

#include "match/message_key.h"

namespace retake {

// Streams of one method that begin alike: the RECVs before the first SEND, and whether there is one.
struct StreamVariant {
  std::vector<MessageKey> leading;  // [k]: key of the first k + 1 RECVs
  std::uint32_t queue = 0;          // all of them
  bool sendNext = false;            // a SEND stands behind these RECVs; else the end, or nothing
};

// The variants of a method as a tree of their RECVs, laid flat: those that begin with the same RECVs stand
// side by side. Of these, first the one that goes on with a SEND, then the one that ends, then the longer
// ones.
class StreamTree {
 public:
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  StreamTree() = default;
  explicit StreamTree(const std::vector<StreamVariant>& variants);

  // Which variant stands at a place.
  std::uint32_t operator[](std::uint32_t place) const { return m_order[place]; }
  // The places of all that begin with `count` RECVs of this leadingKey().
  Range below(std::uint32_t count, const MessageKey& key) const;

 private:
  struct Node {
    MessageKey key;
    Range range;
  };

  std::vector<std::uint32_t> m_order;
  std::vector<Node> m_nodes;  // by key: a chain of RECVs has one of its own, whatever its length
};

}  // namespace retake
