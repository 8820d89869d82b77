#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "scrub/key.h"
#include "scrub/rule.h"

namespace retake {

// What the action of a rule does to one value. Pure, and equal for equal values; safe to use from any number
// of threads.
class ScrubActor {
 public:
  // An Error when it needs a key and there is none.
  static Result<ScrubActor> create(const ScrubAction& action, const ScrubKey* key);

  bool removes() const;
  // Text stays valid UTF-8. A value that already is what this action makes (its own hash token, its mark) is
  // given back as it is: applying it twice changes nothing, but for Number, Phone, CardNumber and Iban fakes
  // and ShiftTime.
  std::string text(std::string_view value) const;
  std::string bytes(ByteView value) const;
  // Numbers of a field, and where a bool or enum is covered. Redact gives 0.
  std::int64_t integer(std::int64_t value) const;
  std::uint64_t natural(std::uint64_t value) const;
  double real(double value) const;
  struct Time {
    std::int64_t seconds = 0;  // since the epoch
    std::int32_t nanos = 0;
  };
  // Of a google.protobuf.Timestamp as a whole; nothing: walk into it.
  std::optional<Time> time(const Time& value) const;

  // The value that text() made this of, where the value alone tells (ShiftTime).
  std::optional<std::string> reverseText(std::string_view value) const;
  std::optional<Time> reverseTime(const Time& value) const;
  // Whether a session can remember which value a token stands for (Hash, Fake): different values, different
  // tokens.
  bool isReversibleBySession() const;

 private:
  ScrubAction m_action;
  std::optional<ScrubKey> m_key;
};

}  // namespace retake
