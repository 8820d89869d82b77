#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retake {

// Why nothing recorded answers a call.
struct Miss {
  enum class Why : std::uint8_t {
    NotRecorded,   // no call of this method is recorded
    UsedUp,        // equal ones are recorded, and have all been used
    NothingEqual,  // calls of this method are recorded, none of them equal
    NoMessage      // the client ended its side without the message that a unary call is matched by
  };
  Why why = Why::NotRecorded;
  std::uint32_t recorded = 0;    // calls of the method; of UsedUp: those that are equal
  std::uint32_t callNumber = 0;  // of UsedUp: the last of them, by its number in the recording
  std::uint64_t usedBy = 0;      // and the call of this run that used it, from 1
};

// One sentence, as the client's status text has it.
std::string describe(const Miss& miss, std::string_view method);

}  // namespace retake
