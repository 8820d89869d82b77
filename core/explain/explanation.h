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
  EntryId id = {};           // its REQUEST or CREATE_STREAM
  std::uint32_t number = 0;  // in the recording, from 1
  EntryId message = {};      // the REQUEST or SEND that was compared; none where there is none
  bool used = false;         // it has been handed out already
  bool equal = false;        // the message is equal: the call was missed for something else
  bool cutOff = false;       // before its end, when it was recorded, and is left out for that
  bool scrubbed = false;     // scrub rules have changed that message, or the metadata
  std::vector<Difference> differences = {};
  std::size_t more = 0;  // differences that are not described
  // Of metadata that is compared: "metadata x-tenant: recorded \"a\", sent \"b\"".
  std::vector<std::string> metadata = {};
};

// Whether a client that sends real values can match what is recorded scrubbed.
enum class ScrubFit : std::uint8_t {
  Fits,
  RulesOff,   // no scrub rules are on
  OtherRules  // those that are on do not make what is recorded: other rules have, or another key
};

// A miss, told so that one sees what to change.
struct Explanation {
  Miss miss;
  std::string method = {};
  // Of NothingEqual where one is near; where a stream was matched that call.
  std::optional<NearCall> nearest = {};
  ScrubFit scrubFit = ScrubFit::Fits;
  std::uint32_t scrubbedCalls = 0;  // of RulesOff: calls of the method whose first message is scrubbed
  std::vector<std::string> methodsNearby = {};  // of NotRecorded: recorded methods with a similar name
  // The client's message, where there was one; as scrub rules make it, where they are on.
  std::shared_ptr<const std::string> sent = {};
  std::string sentText = {};  // its beginning, as JSON on one line
  // Where it is no message of its type: "no shop.Order: ...". The text is its bytes then.
  std::string sentDamage = {};
};

// google.rpc.ErrorInfo's reason: "METHOD_NOT_RECORDED", "USED_UP", "NOTHING_EQUAL", "NO_MESSAGE", "DIVERGED",
// "TOO_MANY_MESSAGES", "TOO_FEW_MESSAGES". Its domain is "retake".
std::string_view reasonOf(Miss::Why why);

// Text and details of a miss count by what they are in the trailers: a byte of the text that is no printable
// ASCII, or is '%', is three there (grpc-message is percent-encoded), and three bytes of the details are four
// (base64). With these limits both, and their keys, stay under 4 KiB: above 8 KB C++ and Python clients see
// RESOURCE_EXHAUSTED in place of the status.
inline constexpr std::size_t kMaxStatusText = 1400;
inline constexpr std::size_t kMaxStatusDetails = 2400;
std::size_t sizeInTrailers(std::string_view text);

// As the client's own test prints it: enough alone to see what to change, in a few lines. The most telling
// fields first, "… and 12 more" behind them.
std::string statusText(const Explanation& explanation, std::size_t limit = kMaxStatusText);
// Bytes of a google.rpc.Status with `code` and `text`, ErrorInfo (reason, nearest call) and DebugInfo (the
// differences). Empty where not even `text` fits.
std::string statusDetails(const Explanation& explanation, std::int32_t code, const std::string& text,
                          std::size_t limit = kMaxStatusDetails);
// The whole, with every difference on a line of its own: for logs and the panel. About 1 MiB at most.
std::string fullText(const Explanation& explanation);

}  // namespace retake
