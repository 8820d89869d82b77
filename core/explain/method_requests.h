#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/request_sketch.h"
#include "recording/calls.h"
#include "recording/recording.h"

namespace retake {

// The position of the client's message `number` (from 1) of a call: its REQUEST, or a SEND that did not fail.
std::optional<std::uint32_t> clientMessage(const Recording& recording, const Call& call,
                                           std::uint32_t number);

// The client's message at a position as it is told: scrubbed, where that differs from what is recorded.
using ToldMessage = std::function<std::optional<std::string>(std::uint32_t position)>;

// The first messages of all calls of one method, 36 bytes each, for finding the one that is nearest to a
// message. Immutable, and safe to use from any number of threads.
class MethodRequests {
 public:
  // Reads these messages. `recording`, `calls` and `schema` must outlive it, and so must `told`, which may be
  // empty.
  MethodRequests(const Recording& recording, const Calls& calls, const Schema& schema,
                 const std::string& method, FieldPathSet ignore, ToldMessage told = {});

  const FieldPathSet& ignore() const { return m_ignore; }
  std::uint32_t scrubbedCount() const { return m_scrubbedCount; }  // messages that scrub rules have changed
  // The call (an index into the Calls) that differs from `sent` in the fewest leaves; of several an unused
  // one, then the one whose values are more alike, then the earliest. None where no call is truly near: what
  // shares less than a third of its leaves is not, unless a single leaf is all that differs. Of a call that
  // has `otherMetadata` (which may be empty) these are one leaf more.
  std::optional<std::uint32_t> nearest(ByteView sent, const std::function<bool(EntryId)>& isUsed,
                                       const std::function<bool(std::uint32_t)>& otherMetadata = {}) const;

 private:
  struct Candidate {
    std::uint32_t call = 0;
    bool used = false;
    bool otherMetadata = false;
    std::size_t leaves = 0;  // that differ
    double distance = 0;
    double likeness = 0;
    bool isNear = false;
    std::size_t sameSize = 0;
  };
  std::vector<Candidate> candidates(const RequestSketch& sent, const std::function<bool(EntryId)>& isUsed,
                                    const std::function<bool(std::uint32_t)>& otherMetadata) const;
  void rankByLeaves(std::vector<Candidate>& candidates, const std::vector<LeafHash>& sent) const;
  std::string_view told(const Entry& entry, std::uint32_t position, std::string& storage) const;
  void compareAll(std::vector<Candidate>& candidates, ByteView sent) const;

  const Recording& m_recording;
  const Calls& m_calls;
  const Schema& m_schema;
  FieldPathSet m_ignore;
  ToldMessage m_told;
  const google::protobuf::Descriptor* m_type = nullptr;  // of the method's messages; null: not in the schema
  std::uint32_t m_scrubbedCount = 0;
  std::vector<RequestSketch> m_sketches;
  std::vector<std::uint32_t> m_callNumbers;  // of the sketches, indices into the Calls
};

}  // namespace retake
