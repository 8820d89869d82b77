#pragma once

#include <cstdint>

namespace retake {

// Why nothing recorded answers a call. What it differs in: explain/explanation.h.
struct Miss {
  enum class Why : std::uint8_t {
    NotRecorded,      // no call of this method is recorded
    UsedUp,           // equal ones are recorded, and have all been used
    NothingEqual,     // calls of this method are recorded, none of them equal
    NoMessage,        // the client ended its side without the message that a unary call is matched by
    Diverged,         // the stream that was matched went another way at message `message`
    TooManyMessages,  // it sent more than the recorded one
    TooFewMessages    // it half-closed before it had sent as many (with strict streams)
  };
  Why why = Why::NotRecorded;
  // Calls of the method; of UsedUp: those that are equal; of TooMany- and TooFewMessages: messages.
  std::uint32_t recorded = 0;
  // Of NotRecorded: calls of the method that are, and were left out (match_index.h).
  std::uint32_t leftOut = 0;
  // Of UsedUp: the last of them, by its number in the recording; where a stream was matched: that call.
  std::uint32_t callNumber = 0;
  std::uint64_t usedBy = 0;  // of UsedUp: the call of this run that used it, from 1
  std::uint32_t message =
      0;  // where a stream was matched: the client's message, from 1; the first that is missing

  // A stream was matched before it went another way.
  bool wasMatched() const {
    return why == Why::Diverged || why == Why::TooManyMessages || why == Why::TooFewMessages;
  }
  bool countsMessages() const { return why == Why::TooManyMessages || why == Why::TooFewMessages; }
};

}  // namespace retake
