#pragma once

#include <cstddef>
#include <vector>

#include "explain/difference.h"

namespace retake {

// Two messages side by side: the differences, and how near to each other they are.
struct Comparison {
  std::vector<Difference> differences;
  std::size_t more = 0;      // differences that are not described
  double same = 0;           // leaves that are equal
  std::size_t sameSize = 0;  // their bytes
  // Leaves that are not; what one side lacks counts for one and half of its leaves, which are few or taken
  // for few.
  double distance = 0;
  double likeness = 0;  // of those: how much alike, 0 to 1 each
  double credit = 0;    // the likeness of those that are mostly alike

  std::size_t count() const { return differences.size() + more; }
  // 1 for equal messages, 0 where nothing is alike.
  double nearness() const { return same + distance > 0 ? (same + credit) / (same + distance) : 1; }
};

// As differences(). `recorded` and `sent` are not equal.
Comparison compare(const Schema& schema, const google::protobuf::Descriptor* type, ByteView recorded,
                   ByteView sent, const FieldPathSet& ignore, std::size_t limit);

}  // namespace retake
