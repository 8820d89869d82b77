#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "edit/edit.h"
#include "scrub/scrubber.h"

namespace retake {

// What the rules do to a whole recording.
struct ScrubReport {
  struct Rule {
    std::uint64_t hits = 0;     // values
    std::uint64_t entries = 0;  // that have such a value
    std::uint64_t calls = 0;
    std::uint64_t compared = 0;  // hits in what replay compares
    bool initialState = false;
    // Entries marked as scrubbed before that may hold such values: left alone (scrubber.h).
    std::uint64_t leftAlone = 0;
    // Distinct values, the first kSamples of them in recorded order, with the entry where each stood first.
    struct Sample {
      std::string before;
      std::string after;
      EntryId entry;
      std::uint64_t count = 0;
    };
    std::vector<Sample> samples;
    std::uint64_t distinct = 0;  // samples among them; counted up to kMaxDistinct
    // Rules that changed the same value before this one did.
    std::vector<std::uint32_t> overlaps;
  };
  static constexpr std::size_t kSamples = 100;
  static constexpr std::size_t kMaxDistinct = 1'000'000;
  std::vector<Rule> rules;       // as Scrubber::rules()
  std::vector<EntryId> entries;  // those that would change, in recorded order
  // Values hit, by call index; empty where no call has one.
  std::vector<std::uint32_t> hitsOfCall;
  bool stopped = false;
};

// Counts, and changes nothing. Linear; reads an entry's bytes first and walks only where something may be
// hit.
Result<ScrubReport> countScrubHits(const FilterInput& input, const Scrubber& scrubber, const Task& task = {});

// The edit that applies the rules: one RewriteEntries. Entries that it changes say that they are scrubbed
// (EntryExtras::scrubbed), unless `mark` is false: then the recording looks as the Go packages write it.
struct ScrubbedRecording {
  RewriteEntries edit;
  ScrubReport report;
};
Result<ScrubbedRecording> scrubRecording(const FilterInput& input, const Scrubber& scrubber, bool mark = true,
                                         const Task& task = {});

// The bytes of an Entry message with its mark.
std::string markedAsScrubbed(std::string entry);

}  // namespace retake
