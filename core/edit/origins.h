#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "recording/recording.h"

namespace retake {

// Entries of an edited recording that stand one behind the other, and did so in the file that it was made of.
struct OriginRun {
  std::optional<std::uint32_t> first =
      {};  // the position of the first of them in that file; none: they are new
  std::uint32_t count = 0;

  bool operator==(const OriginRun&) const = default;
};

// Where the entries of `edited` come from, in its order; `file` is the snapshot of it that was opened or last
// saved.
std::vector<OriginRun> originsOf(const Recording& edited, const Recording& file);

// `edited`, which was saved elsewhere and read again, as what `file` was edited to: what is the same is
// shared, and the ids are those of `file`, so that comparing the two finds what was edited and nothing else.
// An Error where the origins are not those of these two.
Result<Recording> withOrigins(const Recording& edited, std::span<const OriginRun> origins,
                              const Recording& file);

}  // namespace retake
