#include "filter_option.h"

#include <CLI/CLI.hpp>

#include "command.h"

namespace retake::cli {

void addFilterOption(CLI::App& command, std::string& filter, const std::string& help) {
  addValue(command, "--filter", filter, "QUERY",
           help + ", such as \"status:NOT_FOUND resp.items[*].sku=A-17\" (README has the language)");
}

Result<FilteredCalls> filteredCalls(const std::string& filter, const FilterInput& input) {
  auto query = Query::parse(filter);
  if (!query) return Error{"--" + query.error().message, query.error().offset};
  FilteredCalls found{*std::move(query), {}};
  found.calls = filterCalls(found.query, input);
  return found;
}

}  // namespace retake::cli
