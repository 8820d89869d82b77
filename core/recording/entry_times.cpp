#include "recording/entry_times.h"

#include <algorithm>

#include "base/wire.h"
#include "recording/entry_extras.h"

namespace retake {
namespace {

std::optional<std::int64_t> timeOf(const Recording& recording, std::uint32_t position) {
  if (!recording.info(position).hasExtras) return std::nullopt;
  const auto bytes = recording.bytes(position);
  return bytes ? entryTime(bytes->view) : std::nullopt;
}

// None where the clock is so far off that the difference is no number.
std::optional<std::int64_t> between(std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
  std::int64_t difference = 0;
  if (!from || !to || __builtin_sub_overflow(*to, *from, &difference)) return std::nullopt;
  return difference;
}

}  // namespace

std::optional<std::int64_t> entryTime(ByteView entry) {
  WireCursor cursor(entry);
  WireField field;
  std::optional<std::int64_t> time;
  while (cursor.next(field))
    if (field.number == kTimeField && field.type == WireType::Fixed64)
      time = static_cast<std::int64_t>(field.value);
  return time;
}

CallTime callTime(const Recording& recording, const Calls& calls, std::uint32_t index) {
  const Call call = calls[index];
  const auto begin = timeOf(recording, call.first);
  return {.start = between(timeOf(recording, calls[0].first), begin),
          .duration = call.rest.empty() ? std::nullopt : between(begin, timeOf(recording, call.last()))};
}

std::shared_ptr<const EntryTimes> EntryTimes::of(const Recording& recording) {
  if (!recording.hasExtras() || recording.size() == 0) return nullptr;
  auto made = std::make_shared<EntryTimes>();
  const std::uint32_t size = recording.size();
  made->m_times.reserve(size);
  std::optional<std::int64_t> first;
  std::int64_t now = 0;
  for (std::uint32_t position = 0; position < size; ++position) {
    const auto time = timeOf(recording, position);
    if (time && !first) first = time;
    const auto since = between(first, time);
    if (!since) {
      ++made->m_untimed;
      // Not worth reading all of a recording that has hardly any.
      if (made->m_untimed > size / 10) return nullptr;
    } else if (*since < now) {
      ++made->m_outOfOrder;
    } else {
      now = *since;
    }
    made->m_times.push_back(now);
  }
  return now > 0 ? made : nullptr;
}

std::uint32_t EntryTimes::firstAt(double nanos, std::uint32_t from) const {
  const auto size = static_cast<std::uint32_t>(m_times.size());
  // Neighbouring columns ask for neighbouring places: gallop from where the last one was.
  std::uint32_t low = from;
  std::uint64_t step = 1;
  while (low + step < size && static_cast<double>(m_times[low + step]) < nanos) {
    low += static_cast<std::uint32_t>(step);
    step *= 2;
  }
  const auto end = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(low + step + 1, size));
  const auto found =
      std::lower_bound(m_times.begin() + std::min<std::ptrdiff_t>(low, size), m_times.begin() + end, nanos,
                       [](std::int64_t time, double at) { return static_cast<double>(time) < at; });
  return static_cast<std::uint32_t>(found - m_times.begin());
}

}  // namespace retake
