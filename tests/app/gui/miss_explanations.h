#pragma once

#include <memory>
#include <string>

#include "explain/explanation.h"
#include "schema/field_path.h"
#include "served_shop.h"

// Explanations of misses, made by hand.
namespace retake::test {

inline Difference differs(const char* path, const char* recorded, const char* sent) {
  return {.path = *parseFieldPath(path), .recorded = recorded, .sent = sent};
}

// Of a request for "c", nearest to the first call, which asked for "a".
inline Explanation nothingEqual() {
  Explanation explanation;
  explanation.miss.why = Miss::Why::NothingEqual;
  explanation.miss.recorded = 2;
  explanation.method = kMethod;
  explanation.nearest = NearCall{
      .id = EntryId{1}, .number = 1, .message = EntryId{1}, .differences = {differs("1", "\"a\"", "\"c\"")}};
  explanation.sent = std::make_shared<const std::string>(field(1, "c"));
  return explanation;
}

inline std::shared_ptr<const Explanation> shared(const Explanation& explanation) {
  return std::make_shared<const Explanation>(explanation);
}

template <typename Change>
Explanation changed(Change change) {
  Explanation explanation = nothingEqual();
  change(explanation);
  return explanation;
}

}  // namespace retake::test
