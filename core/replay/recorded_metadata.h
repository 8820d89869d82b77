#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "match/match_index.h"
#include "recording/calls.h"
#include "recording/entry_extras.h"
#include "recording/recording.h"

namespace retake {

// What of recorded metadata goes out again: neither keys of one hop nor what gRPC cannot send. Each of the
// latter gets a note.
Metadata sendable(const Metadata& recorded, std::vector<std::string>& notes);

// Where the answer of a call begins: its RESPONSE, or a stream's first RECV.
std::optional<std::uint32_t> firstAnswer(const Recording& recording, const Call& call);
// The headers that were recorded with a call; none: none were recorded, or it has no answer.
std::optional<Metadata> recordedHeaders(const Recording& recording, const Call& call);

// Whether a stream begins with headers, or ends with an error that has none: these would switch off a
// client's retries.
bool sendsHeaders(const Recording& recording, const Call& stream);

// What the headers of a method's streams have in common, as long as it is not known which of them a client
// gets. Looked up when a method is first asked for. Safe to use from any thread.
class AgreedHeaders {
 public:
  struct Agreement {
    bool all = false;                    // all streams begin with the same headers
    std::optional<Metadata> first = {};  // those of the first stream, where it has some
  };
  const Agreement& of(const Recording& recording, const Calls& calls,
                      std::span<const MatchIndex::Slot> streams, std::uint32_t queue);

 private:
  std::mutex m_mutex;
  std::map<std::uint32_t, Agreement> m_known;  // by the queue of all streams of a method
};

}  // namespace retake
