#include "explain/explanation.h"

namespace retake {
namespace {

std::string counted(std::uint32_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace

std::string statusText(const Explanation& explanation, std::size_t) {
  const Miss& miss = explanation.miss;
  const std::string& name = explanation.method;
  switch (miss.why) {
    case Miss::Why::NotRecorded:
      return "retake: no call of " + name + " is recorded";
    case Miss::Why::UsedUp: {
      const std::string by = "recorded call " + std::to_string(miss.callNumber) + " was used by call " +
                             std::to_string(miss.usedBy) + " of this run";
      if (miss.recorded == 1) return "retake: " + name + ": this request is recorded once and used up: " + by;
      return "retake: " + name + ": this request is recorded " + std::to_string(miss.recorded) +
             " times and used up: the last, " + by;
    }
    case Miss::Why::NothingEqual:
      return "retake: " + name + ": " + counted(miss.recorded, "call is", "calls are") +
             " recorded, none with an equal request";
    case Miss::Why::NoMessage:
      return "retake: " + name + ": " + counted(miss.recorded, "call is", "calls are") +
             " recorded, each with a request message; this one ended without any";
    case Miss::Why::Diverged:
      return "retake: " + name + ": diverged at message " + std::to_string(miss.message) +
             " from recorded call " + std::to_string(miss.callNumber);
    case Miss::Why::TooManyMessages:
      return "retake: " + name + ": message " + std::to_string(miss.message) +
             " is one too many: recorded call " + std::to_string(miss.callNumber) + " has " +
             std::to_string(miss.recorded);
  }
  return {};
}

std::string statusDetails(const Explanation&, std::int32_t, const std::string&, std::size_t) { return {}; }
std::string fullText(const Explanation& explanation) { return statusText(explanation, 1800); }

}  // namespace retake
