#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "filter/call_filter.h"

namespace CLI {
class App;
}

namespace retake::cli {

// --filter QUERY, in the language of the window's filter bar.
void addFilterOption(CLI::App& command, std::string& filter, const std::string& help);

// The calls of a recording that --filter asks for.
struct FilteredCalls {
  Query query;
  std::vector<std::uint32_t> calls;  // indices, in recorded order
};
// An Error names the option and the column.
Result<FilteredCalls> filteredCalls(const std::string& filter, const FilterInput& input);

}  // namespace retake::cli
