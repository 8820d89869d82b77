#include "match/miss.h"

namespace retake {
namespace {

std::string counted(std::uint32_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace

std::string describe(const Miss& miss, std::string_view method) {
  const std::string name(method);
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
  }
  return {};
}

}  // namespace retake
