#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "recording/calls.h"
#include "recording/recording.h"

namespace retake {

// When an entry happened, in nanoseconds since 1970-01-01 UTC, of its bytes; empty where they do not say. The
// same as parseExtras() says, without the rest of it.
std::optional<std::int64_t> entryTime(ByteView entry);

// When the call began and how long it took, in nanoseconds, as its first and its last entry have it; the
// begin counts from that of the recording's first call.
struct CallTime {
  std::optional<std::int64_t> start = {};
  std::optional<std::int64_t> duration = {};
};
CallTime callTime(const Recording& recording, const Calls& calls, std::uint32_t index);

// When the entries of a recording happened, as an axis that goes one way: in nanoseconds since the first of
// them, never earlier than that of the entry before. An entry without a time stands where the one before
// does, and so does one whose clock went back. Eight bytes an entry; made on any thread, then only read.
class EntryTimes {
 public:
  // Empty where so few entries have a time, or so little passes between them, that there is no axis: where
  // fewer than nine of ten do.
  static std::shared_ptr<const EntryTimes> of(const Recording& recording);

  std::int64_t length() const { return m_times.back(); }
  std::int64_t at(std::uint32_t position) const { return m_times[position]; }
  // The first entry that happened at `nanos` or later, at `from` or behind it; the number of entries when
  // none did.
  std::uint32_t firstAt(double nanos, std::uint32_t from = 0) const;
  // How many entries stand where the one before does, since they have no time, or since it lies before that.
  std::uint32_t untimed() const { return m_untimed; }
  std::uint32_t outOfOrder() const { return m_outOfOrder; }

 private:
  std::vector<std::int64_t> m_times;
  std::uint32_t m_untimed = 0;
  std::uint32_t m_outOfOrder = 0;
};

}  // namespace retake
