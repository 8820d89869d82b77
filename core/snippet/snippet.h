#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "schema/schema.h"
#include "snippet/snippet_call.h"

namespace retake {

// What a recorded call can be copied as: text that makes it again. A new one is one new file and one line in
// snippet.cpp.
struct Snippet {
  std::string_view id;     // short and lasting, as `copy --as` says it: "go"
  std::string_view title;  // for people: "Go test"
  // Pure. `schema` is needed for messages as JSON alone.
  Result<std::string> (*write)(const SnippetCall& call, const Schema& schema);
  bool expectsAnswer = true;  // it tells whether the answer is the recorded one
};

// All of them; they live as long as the program.
std::span<const Snippet> snippets();
// Null when there is none of that id.
const Snippet* snippetOf(std::string_view id);

// A call of `recording`, which lies in the file `path`, as a snippet. An Error says why it cannot be one.
Result<std::string> writeSnippet(const Snippet& snippet, const Recording& recording, const Calls& calls,
                                 const Schema& schema, std::uint32_t index, std::string_view path);

}  // namespace retake
