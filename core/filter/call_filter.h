#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/task.h"
#include "filter/query.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "schema/schema.h"

namespace retake {

// What calls are filtered in. Flags that a recording itself does not tell (used, missed, edited in this
// session) come from `flag`; without it they are not known.
struct FilterInput {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<const Schema> schema;
  std::function<std::optional<bool>(FilterFlag flag, std::uint32_t call)> flag = {};
};

// A call of a recording, by index, as a query sees it. Reads and decodes only what it is asked for.
class CallSubject;
// One message of a call (a scope with `dir:out` or `msg.a.b=1` tells messages apart); the rest is its call's.
class MessageSubject;
// What a live client has sent so far: method, kind, its message and metadata. Everything else is not known.
class LiveSubject;

// Whether a call is one of those that `query` asks for. What is not known is no match.
bool matches(const Query& query, const FilterInput& input, std::uint32_t call);

// Those of `among` (indices, in their order; all calls when null) that match. `found` is told what has been
// found since it was told last, about every 50 ms, so a long search shows its first results early. Stops when
// `task` does, and gives what there is.
std::vector<std::uint32_t> filterCalls(const Query& query, const FilterInput& input,
                                       const std::vector<std::uint32_t>* among = nullptr,
                                       const Task& task = {},
                                       const std::function<void(std::vector<std::uint32_t>)>& found = {});

}  // namespace retake
