#include "snippet/snippet.h"

#include <algorithm>
#include <array>

namespace retake {

extern const Snippet kGrpcurlSnippet;  // grpcurl_snippet.cpp
extern const Snippet kCppSnippet;      // cpp_snippet.cpp
extern const Snippet kGoSnippet;       // go_snippet.cpp
extern const Snippet kPythonSnippet;   // python_snippet.cpp

std::span<const Snippet> snippets() {
  static const std::array kAll = {kGrpcurlSnippet, kCppSnippet, kGoSnippet, kPythonSnippet};
  return kAll;
}

const Snippet* snippetOf(std::string_view id) {
  const auto all = snippets();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Snippet& each) { return each.id == id; });
  return found == all.end() ? nullptr : &*found;
}

Result<std::string> writeSnippet(const Snippet& snippet, const Recording& recording, const Calls& calls,
                                 const Schema& schema, std::uint32_t index, std::string_view path) {
  const auto call = snippetCall(recording, calls, schema, index, path);
  if (!call) return call.error();
  if (snippet.expectsAnswer && !call->isStream && !call->script.endRecorded)
    return Error{"call " + std::to_string(call->number) +
                 ": expected an answer that can be compared, found a call without one"};
  return snippet.write(*call, schema);
}

}  // namespace retake
