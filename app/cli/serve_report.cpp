#include "serve_report.h"

#include <map>
#include <vector>

#include "command.h"

namespace retake::cli {
namespace {

// "3, 7 to 9" of ascending numbers.
std::string ranges(const std::vector<std::uint32_t>& numbers) {
  constexpr int kShown = 20;
  std::string text;
  int shown = 0;
  for (std::size_t i = 0; i < numbers.size(); ++shown) {
    std::size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    if (shown == kShown) return text + " and " + std::to_string(numbers.size() - i) + " more";
    text += (i > 0 ? ", " : "") + std::to_string(numbers[i]);
    if (end > i) text += (end == i + 1 ? ", " : " to ") + std::to_string(numbers[end]);
    i = end + 1;
  }
  return text;
}

}  // namespace

std::string reportText(const ReplayReport& report, const Recording& recording, const Calls& calls) {
  std::string text = "served " + std::to_string(report.served) + ", missed " + std::to_string(report.missed) +
                     ", forwarded " + std::to_string(report.forwarded) + ", aborted " +
                     std::to_string(report.aborted) + "\n";
  if (report.neverAskedFor.empty()) return text + "every recorded call was asked for\n";
  text += "never asked for: " + std::to_string(report.neverAskedFor.size()) + " of " +
          std::to_string(calls.size()) + " recorded calls\n";
  std::map<std::string, std::vector<std::uint32_t>> byMethod;
  for (const std::uint32_t number : report.neverAskedFor)
    byMethod[recording.methodName(recording.info(calls[number - 1].first).method)].push_back(number);
  for (const auto& [method, numbers] : byMethod)
    text += "  " + printable(method) + ": " + ranges(numbers) + "\n";
  return text;
}

bool isAsRecorded(const ReplayReport& report) { return report.missed == 0 && report.neverAskedFor.empty(); }

}  // namespace retake::cli
