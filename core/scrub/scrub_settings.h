#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "scrub/key.h"
#include "scrub/rule.h"

namespace retake {

// What a workspace says of scrubbing. The key itself is never among it.
struct ScrubSettings {
  bool on = true;
  ScrubRules rules = {};
  // Files of rules, shared between recordings, that apply after `rules`; "library:ID" is one of the
  // library's.
  std::vector<std::string> ruleFiles = {};
  // Where the key of Hash and Fake is: at most one of the two.
  std::string keyFile = {};
  std::string keyVariable = {};  // of the environment
  bool operator==(const ScrubSettings&) const = default;
};

// `rules` and those of the files, in the order in which they apply. An Error has a line for each thing that
// is wrong in any of the files; a name that occurs twice among them all is wrong.
Result<ScrubRules> allRules(const ScrubSettings& settings);

// Nothing where neither is named; an Error where what is named is not there or too short.
Result<std::optional<ScrubKey>> keyOf(const ScrubSettings& settings);

}  // namespace retake
