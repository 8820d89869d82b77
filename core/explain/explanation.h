#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "explain/difference.h"
#include "match/miss.h"
#include "recording/ids.h"

namespace retake {

// A recorded call of the same method that is truly near to what a client sent.
struct NearCall {
  EntryId id;                // its REQUEST or CREATE_STREAM
  std::uint32_t number = 0;  // in the recording, from 1
  EntryId message;           // the REQUEST or SEND that was compared
  bool used = false;         // it has been handed out already
  std::vector<Difference> differences;
  std::size_t more = 0;  // differences that are not described
};

// A miss, told so that one sees what to change.
struct Explanation {
  Miss miss;
  std::string method = {};
  std::optional<NearCall> nearest =
      {};  // of NothingEqual where one is near; of Diverged the call that was matched
  std::vector<std::string> methodsNearby = {};   // of NotRecorded: recorded methods with a similar name
  std::shared_ptr<const std::string> sent = {};  // the client's message, where there was one
};

// google.rpc.ErrorInfo's reason: "METHOD_NOT_RECORDED", "USED_UP", "NOTHING_EQUAL", "NO_MESSAGE", "DIVERGED",
// "TOO_MANY_MESSAGES". Its domain is "retake".
std::string_view reasonOf(Miss::Why why);

// As the client's own test prints it: enough alone to see what to change. At most `limit` bytes, the most
// telling fields first, "… and 12 more" behind them.
std::string statusText(const Explanation& explanation, std::size_t limit = 1800);
// Bytes of a google.rpc.Status with `code` and `text`, ErrorInfo (reason, nearest call) and DebugInfo (the
// difference); at most `limit` bytes. Text, details and trailers together stay under 4 KiB: above 8 KB C++
// and Python clients see RESOURCE_EXHAUSTED in place of the status. `text` is in the trailers twice.
std::string statusDetails(const Explanation& explanation, std::int32_t code, const std::string& text,
                          std::size_t limit = 1800);
// The whole, with every difference on a line of its own: for logs and the panel.
std::string fullText(const Explanation& explanation);

}  // namespace retake
