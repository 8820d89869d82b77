#include "serve/change_text.h"

#include <cstdio>

namespace retake {
namespace {

// More than this nobody reads in a line of a log.
constexpr std::size_t kNamed = 5;

const char* nameOf(Reuse reuse) {
  switch (reuse) {
    case Reuse::Once:
      return "once";
    case Reuse::Last:
      return "last";
    case Reuse::Cycle:
      break;
  }
  return "cycle";
}

const char* nameOf(ExtraCalls extra) {
  switch (extra) {
    case ExtraCalls::Fail:
      return "fail";
    case ExtraCalls::Forward:
      return "are forwarded";
    case ExtraCalls::Record:
      break;
  }
  return "are forwarded and recorded";
}

std::string nameOf(const PacePolicy& pace) {
  char text[64];
  switch (pace.pace) {
    case Pace::Immediate:
      return "immediate";
    case Pace::Recorded:
      std::snprintf(text, sizeof text, "recorded, speed %g", pace.speed);
      return text;
    case Pace::Causal:
      break;
  }
  std::snprintf(text, sizeof text, "causal, %g s at most",
                std::chrono::duration<double>(pace.causalBound).count());
  return text;
}

template <typename Rule>
std::string listOf(const std::vector<Rule>& rules) {
  std::string text;
  for (std::size_t i = 0; i < rules.size() && i < kNamed; ++i)
    text += (i > 0 ? ", " : "") + toString(rules[i]);
  if (rules.size() > kNamed) text += " and " + std::to_string(rules.size() - kNamed) + " more";
  return rules.empty() ? "nothing" : text;
}

}  // namespace

std::string changeText(const Recording& recording, const std::vector<EntryId>& changed) {
  std::string numbers;
  std::size_t named = 0;
  for (const EntryId id : changed) {
    const auto position = recording.position(id);
    if (!position) continue;  // it was removed
    if (named == kNamed) break;
    numbers += (named++ ? ", " : "") + std::to_string(*position + 1);
  }
  const std::size_t more = changed.size() - named;
  if (named == 0) return std::to_string(more) + (more == 1 ? " entry removed" : " entries removed");
  std::string text = (changed.size() == 1 ? "entry " : "entries ") + numbers;
  if (more > 0) text += " and " + std::to_string(more) + " more";
  return text + " changed";
}

std::string changeText(const ReplayPolicy& before, const ReplayPolicy& after) {
  std::string text;
  const auto add = [&text](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  if (before.match.reuse != after.match.reuse) add(std::string("reuse ") + nameOf(after.match.reuse));
  if (before.match.ignore != after.match.ignore) add("ignored: " + listOf(after.match.ignore));
  if (before.match.compareMetadata != after.match.compareMetadata)
    add("metadata compared: " + listOf(after.match.compareMetadata));
  if (before.strictStreams != after.strictStreams)
    add(std::string("strict streams ") + (after.strictStreams ? "on" : "off"));
  if (before.pace != after.pace) add("pace " + nameOf(after.pace));
  if (before.extra != after.extra)
    add(std::string("extra calls ") + nameOf(after.extra));
  if (before.passThrough != after.passThrough)
    add(after.passThrough ? "the recording answers no call" : "the recording answers");
  return text;
}

}  // namespace retake
