#include "replay/recorded_metadata.h"

namespace retake {
namespace {

// As many streams are compared at most: with more of them, headers wait until the stream is known.
constexpr std::size_t kCompared = 4096;

}  // namespace

Metadata sendable(const Metadata& recorded, std::vector<std::string>& notes) {
  Metadata out;
  for (const MetadataEntry& entry : recorded) {
    if (!isEndToEnd(entry.key)) continue;
    const std::string why = whyNotSendable(entry);
    if (why.empty())
      out.push_back(entry);
    else
      notes.push_back(why + "; it was left out");
  }
  return out;
}

std::optional<std::uint32_t> firstAnswer(const Recording& recording, const Call& call) {
  for (const std::uint32_t position : call.rest)
    if (recording.info(position).kind != EntryKind::Send) return position;
  return std::nullopt;
}

std::optional<Metadata> recordedHeaders(const Recording& recording, const Call& call) {
  if (!recording.hasExtras()) return std::nullopt;
  const auto answer = firstAnswer(recording, call);
  return answer ? extrasOf(recording, *answer).headers : std::nullopt;
}

bool sendsHeaders(const Recording& recording, const Call& stream) {
  if (recording.info(stream.first).isError) return false;
  const auto answer = firstAnswer(recording, stream);
  if (!answer) return true;
  const EntryInfo info = recording.info(*answer);
  const bool fails = info.isError && info.hasMessage && info.statusCode != 0;
  return !fails || recordedHeaders(recording, stream).has_value();
}

const AgreedHeaders::Agreement& AgreedHeaders::of(const Recording& recording, const Calls& calls,
                                                  std::span<const MatchIndex::Slot> streams,
                                                  std::uint32_t queue) {
  const std::lock_guard lock(m_mutex);
  const auto [at, isNew] = m_known.try_emplace(queue);
  Agreement& agreement = at->second;
  if (!isNew || streams.empty()) return agreement;
  agreement.first = recordedHeaders(recording, calls[streams[0].call]);
  agreement.all = streams.size() <= kCompared;
  for (std::size_t i = 0; agreement.all && i < streams.size(); ++i) {
    const Call call = calls[streams[i].call];
    agreement.all = sendsHeaders(recording, call) && recordedHeaders(recording, call) == agreement.first;
  }
  return agreement;
}

}  // namespace retake
