#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/recorded_client.h"
#include "recording/calls.h"
#include "recording/metadata.h"
#include "schema/schema.h"

namespace retake {

// A recorded call, as text that makes it again needs it.
struct SnippetCall {
  std::uint32_t number = 0;
  std::string path;      // of the recording
  std::string fileName;  // of the recording, for comments
  std::string method;    // "/pkg.Service/Method"
  bool isStream = false;
  Metadata metadata = {};  // as the client sent it; what a client can send
  // Calls that the stand-in answers first when this one is made: recorded before it, with the same first
  // message. To get its own answer, a client makes it that often before.
  std::uint32_t equalBefore = 0;

  enum class Do : std::uint8_t { Send, Receive, HalfClose, Cancel };
  struct Step {
    Do what = Do::Send;
    std::string message = {};
    std::string typeName = {};
  };
  std::vector<Step> steps = {};  // in recorded order; behind them all that comes is read

  ClientScript script;  // what it was made from
  // What the end has to be.
  bool checksCode = true;     // false where no end is recorded
  bool checksMessage = true;  // false where its words are the client library's own, or no text
  bool hasDeadline = false;   // it ended with DEADLINE_EXCEEDED
};

// More is no text that anybody would paste.
inline constexpr std::size_t kMaxSnippetBytes = 1 << 20;

// An Error where the call cannot be read, or holds more than kMaxSnippetBytes of messages.
Result<SnippetCall> snippetCall(const Recording& recording, const Calls& calls, const Schema& schema,
                                std::uint32_t index, std::string_view path);

}  // namespace retake
