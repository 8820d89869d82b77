#include "explain/explanation.h"

#include <algorithm>

#include "explain/explanation_text.h"
#include "explain/value_text.h"
#include "schema/text.h"

namespace retake {
namespace {

constexpr std::size_t kMaxFullText = 1 << 20;
// Values up to here are told before longer ones; lines of one difference, and where there are several.
constexpr std::size_t kShortValues = 120;
constexpr std::size_t kOnlyLine = 480;
constexpr std::size_t kLine = 240;
constexpr std::size_t kShortestLine = 60;
constexpr std::string_view kNotCompared = "one of the two is no message of its type, or longer than 4 MiB";

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string usedUpText(const Explanation& explanation) {
  const Miss& miss = explanation.miss;
  const std::string by = "recorded call " + std::to_string(miss.callNumber) + " was used by call " +
                         std::to_string(miss.usedBy) + " of this run";
  if (!explanation.sent)
    return (miss.recorded == 1 ? "the one recorded stream that may answer is used up: "
                               : "all " + std::to_string(miss.recorded) +
                                     " recorded streams that may answer are used up: the last, ") +
           by;
  if (miss.recorded == 1) return "this request is recorded once and used up: " + by;
  return "this request is recorded " + std::to_string(miss.recorded) + " times and used up: the last, " + by;
}

// The beginning of `text` that takes at most `limit` bytes in the trailers.
std::string cutForTrailers(const std::string& text, std::size_t limit) {
  if (sizeInTrailers(text) <= limit) return text;
  constexpr std::string_view kEllipsis = "…";
  if (limit < sizeInTrailers(kEllipsis)) return {};
  std::size_t size = 0;
  std::size_t at = 0;
  while (size + sizeInTrailers(text.substr(at, 1)) <= limit - sizeInTrailers(kEllipsis))
    size += sizeInTrailers(text.substr(at++, 1));
  return std::string(utf8Prefix(text, at)) + std::string(kEllipsis);
}

std::string whatDiffers(const Explanation& explanation) {
  const Miss& miss = explanation.miss;
  const NearCall& near = *explanation.nearest;
  const std::size_t count = near.differences.size() + near.more;
  const std::string fields = counted(count, "field", "fields");
  if (miss.why == Miss::Why::Diverged) {
    const std::string message = "message " + std::to_string(miss.message);
    if (count > 0) return message + " differs in " + fields + ":";
    return message + " differs, but in no field: " + std::string(kNotCompared);
  }
  const std::string call =
      "nearest is call " + std::to_string(near.number) + (near.used ? " (used already)" : " (unused)");
  if (count > 0) return call + ", which differs in " + fields + ":";
  if (near.equal && !near.metadata.empty()) return call + ": its message is equal, its metadata is not:";
  if (near.equal && near.cutOff) return call + ": its message is equal, and it was cut off before its end";
  if (near.equal)
    return call +
           ": its message is equal, but not the metadata that is compared, or what the stream had before";
  return call + ": it differs, but in no field: " + std::string(kNotCompared);
}

// In a few words, and whether differences follow.
bool tellsDifferences(const Explanation& explanation) {
  return explanation.nearest &&
         (explanation.miss.why == Miss::Why::NothingEqual || explanation.miss.why == Miss::Why::Diverged);
}

std::string sentLine(const Explanation& explanation, std::size_t limit) {
  return explanation.sent ? "\nsent: " + shortened(explanation.sentText, limit) : std::string();
}

std::string scrubLine(const Explanation& explanation) {
  const auto& near = explanation.nearest;
  const std::string which = near && near->scrubbed
                                ? "\ncall " + std::to_string(near->number) + " is scrubbed, "
                                : "\n" + counted(explanation.scrubbedCalls, "call", "calls") + " of these " +
                                      (explanation.scrubbedCalls == 1 ? "is" : "are") + " scrubbed, ";
  switch (explanation.scrubFit) {
    case ScrubFit::Fits:
      return {};
    case ScrubFit::RulesOff:
      return which + "and scrub rules are off: a client with real values matches only with them on";
    case ScrubFit::OtherRules:
      return which + "but not by the rules that are on: by others, or with another key";
  }
  return {};
}

// What stands behind the first line; of a status shorter.
std::string secondLine(const Explanation& explanation, bool isStatus) {
  const std::size_t limit = isStatus ? kLine : kMaxFullText;
  const std::string damage = explanation.sentDamage.empty()
                                 ? std::string()
                                 : "\nwhat was sent is " + shortened(explanation.sentDamage, limit);
  if (tellsDifferences(explanation)) return damage + scrubLine(explanation) + "\n" + whatDiffers(explanation);
  switch (explanation.miss.why) {
    case Miss::Why::NotRecorded: {
      std::string text;
      for (const std::string& name : explanation.methodsNearby)
        text += (text.empty() ? "\ndid you mean " : " or ") + methodText(name, kMaxMethod);
      return text.empty() ? text : text + "?";
    }
    case Miss::Why::NothingEqual:
      if (explanation.sent && explanation.sent->size() > kMaxCompared)
        return scrubLine(explanation) + "\nno near one is looked for where a message is longer than 4 MiB" +
               sentLine(explanation, limit);
      return damage + scrubLine(explanation) + "\nno recorded call is near to it" +
             sentLine(explanation, limit);
    case Miss::Why::TooManyMessages:
      return damage + sentLine(explanation, limit);
    default:
      return {};
  }
}

}  // namespace

std::string_view reasonOf(Miss::Why why) {
  switch (why) {
    case Miss::Why::NotRecorded:
      return "METHOD_NOT_RECORDED";
    case Miss::Why::UsedUp:
      return "USED_UP";
    case Miss::Why::NothingEqual:
      return "NOTHING_EQUAL";
    case Miss::Why::NoMessage:
      return "NO_MESSAGE";
    case Miss::Why::Diverged:
      return "DIVERGED";
    case Miss::Why::TooManyMessages:
      return "TOO_MANY_MESSAGES";
    case Miss::Why::TooFewMessages:
      return "TOO_FEW_MESSAGES";
  }
  return {};
}

std::size_t sizeInTrailers(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) size += c >= ' ' && c <= '~' && c != '%' ? 1 : 3;
  return size;
}

std::string methodText(const std::string& name, std::size_t limit) {
  if (isPrintable(name) && name.find_first_of("\t\r\n") == std::string::npos) return shortened(name, limit);
  std::uint64_t size = 0;
  return shortened(valueText(name, true, size), limit);
}

std::string whatHappened(const Explanation& explanation, std::size_t maxMethod) {
  const Miss& miss = explanation.miss;
  const std::string name = methodText(explanation.method, maxMethod);
  const std::string begin = "retake: " + name + ": ";
  const std::string calls = counted(miss.recorded, "call is", "calls are") + " recorded, ";
  switch (miss.why) {
    case Miss::Why::NotRecorded:
      return "retake: no call of " + name + " is recorded" +
             (miss.leftOut == 0 ? "" : " to its end; " + counted(miss.leftOut, "was", "were") + " cut off");
    case Miss::Why::UsedUp:
      return begin + usedUpText(explanation);
    case Miss::Why::NothingEqual:
      return begin + calls + "none with an equal request";
    case Miss::Why::NoMessage:
      return begin + calls + "each with a request message; this one ended without any";
    case Miss::Why::Diverged:
      return begin + "diverged at message " + std::to_string(miss.message) + " from recorded call " +
             std::to_string(miss.callNumber);
    case Miss::Why::TooManyMessages:
      return begin + "message " + std::to_string(miss.message) + " is one too many: recorded call " +
             std::to_string(miss.callNumber) + " has " + std::to_string(miss.recorded);
    case Miss::Why::TooFewMessages:
      return begin + "half-closed after " + counted(miss.message - 1, "message", "messages") +
             ": recorded call " + std::to_string(miss.callNumber) + " has " + std::to_string(miss.recorded);
  }
  return {};
}

std::vector<const Difference*> mostTelling(const NearCall& near) {
  std::vector<const Difference*> all;
  all.reserve(near.differences.size());
  for (const Difference& difference : near.differences) all.push_back(&difference);
  std::stable_partition(all.begin(), all.end(), [](const Difference* difference) {
    return difference->recorded.size() + difference->sent.size() <= kShortValues;
  });
  return all;
}

std::string statusText(const Explanation& explanation, std::size_t limit) {
  std::string text = whatHappened(explanation, kMaxMethod) + secondLine(explanation, true);
  if (!tellsDifferences(explanation)) return cutForTrailers(text, limit);
  const NearCall& near = *explanation.nearest;
  for (const std::string& one : near.metadata) {
    const std::string line = "\n  " + shortened(one, kLine);
    if (sizeInTrailers(text) + sizeInTrailers(line) > limit / 2) break;
    text += line;
  }
  std::size_t left = near.differences.size() + near.more;
  const auto andMore = [](std::size_t count) { return "\n  … and " + std::to_string(count) + " more"; };
  std::size_t size = sizeInTrailers(text);
  for (const Difference* difference : mostTelling(near)) {
    std::size_t length = near.differences.size() == 1 ? kOnlyLine : kLine;
    const std::size_t reserved = left > 1 ? sizeInTrailers(andMore(left - 1)) : 0;
    std::string line = "\n  " + describe(*difference, length);
    while (size + sizeInTrailers(line) + reserved > limit && length > kShortestLine) {
      length = std::max(kShortestLine, length * 2 / 3);
      line = "\n  " + describe(*difference, length);
    }
    if (size + sizeInTrailers(line) + reserved > limit) break;
    text += line;
    size += sizeInTrailers(line);
    --left;
  }
  if (left > 0) text += andMore(left);
  return cutForTrailers(text, limit);
}

std::string fullText(const Explanation& explanation) {
  std::string text = whatHappened(explanation, kMaxFullText / 4) + secondLine(explanation, false);
  if (tellsDifferences(explanation)) {
    for (const std::string& one : explanation.nearest->metadata) text += "\n  " + one;
    std::size_t left = explanation.nearest->differences.size() + explanation.nearest->more;
    for (const Difference& difference : explanation.nearest->differences) {
      const std::string line = "\n  " + describe(difference, kMaxFullText / 4);
      if (text.size() + line.size() > kMaxFullText) break;
      text += line;
      --left;
    }
    if (left > 0) text += "\n  … and " + std::to_string(left) + " more";
  }
  return text;
}

}  // namespace retake
