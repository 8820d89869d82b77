#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scrub/rule.h"

namespace retake {

// Rules that are ready to use, from resources/rules. Wherever a file of rules is named, "library:ID" names a
// set of them.
struct RuleSet {
  std::string_view id = {};      // "credentials"
  std::string title = {};        // "Credentials"
  std::string description = {};  // sentences
  ScrubRules rules = {};         // their names occur once in the whole library
  std::string_view text = {};    // the file
};

inline constexpr std::string_view kLibraryPrefix = "library:";

// In the order in which a person would look for them. Made once; safe to use from any number of threads.
const std::vector<RuleSet>& ruleLibrary();
// Null when there is none.
const RuleSet* ruleSet(std::string_view id);

}  // namespace retake
