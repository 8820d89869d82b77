#pragma once

#include <string>

#include "filter/call_filter.h"
#include "scrub/find_secrets.h"
#include "scrub/scrub_recording.h"

namespace retake::cli {

// What `scrub` tells. Values are cut short, unless `whole`: what is printed ends up in logs.
struct ScrubTold {
  const FilterInput& input;
  const ScrubRules& rules;
  const ScrubReport* report = nullptr;  // null: there were no rules
  const LeftSecrets& left;
  bool whole = false;
};

// A line each: what each rule did; what is left, with its call, entry and place; how much of what.
std::string asText(const ScrubTold& told);
// One object: rules, left, short_values, finds, counts, clean.
std::string asJson(const ScrubTold& told);

}  // namespace retake::cli
