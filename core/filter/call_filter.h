#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/task.h"
#include "filter/filter_input.h"
#include "filter/query.h"
#include "filter/subjects.h"

namespace retake {

// Whether a call is one of those that `query` asks for. What is not known is no match. A query that tells
// messages apart by direction asks for a call that has one message of which all of it is true.
bool matches(const Query& query, const FilterInput& input, std::uint32_t call);

// Those of `among` (indices, in their order; all calls when null) that match. `found` is told what has been
// found since it was told last, about every 50 ms, so a long search shows its first results early. Stops when
// `task` does, and gives what there is.
std::vector<std::uint32_t> filterCalls(const Query& query, const FilterInput& input,
                                       const std::vector<std::uint32_t>* among = nullptr,
                                       const Task& task = {},
                                       const std::function<void(std::vector<std::uint32_t>)>& found = {});

}  // namespace retake
