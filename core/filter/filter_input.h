#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "filter/subject.h"
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

}  // namespace retake
