#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "recording/metadata.h"

namespace retake {

class Recording;

inline constexpr std::uint32_t kTimeField = 1000;  // proto/retake/replay_file.proto

// What the Go packages' replay file lacks, in fields of Entry at 1000 and above, which both of their
// binary readers pass over (proto/retake/replay_file.proto has the numbers). A recording without them looks
// as the Go packages wrote it, to the byte.
struct EntryExtras {
  enum class Canceller : std::uint8_t { Nobody = 0, Client = 1, Deadline = 2, Server = 3, Recorder = 4 };

  // When it happened: nanoseconds since 1970-01-01 UTC. On any entry.
  std::optional<std::int64_t> timeNanos = {};
  // On a REQUEST or CREATE_STREAM; empty optional: metadata was not recorded.
  std::optional<Metadata> requestMetadata = {};
  std::optional<std::int64_t> timeoutNanos = {};  // what the client gave the call, from its begin
  // On a RESPONSE, or the first RECV of a stream.
  std::optional<Metadata> headers = {};
  // On a RESPONSE, or the last RECV of a stream.
  std::optional<Metadata> trailers = {};
  // On an entry of a stream: the client half-closed before this.
  bool halfClosedBefore = false;
  // On a last RECV or a RESPONSE with CANCELLED or DEADLINE_EXCEEDED: whose doing that was. Recorder, with
  // any status: neither side's; the recording ended, or the service was not reached.
  Canceller canceller = Canceller::Nobody;
  // On any entry: scrub rules have changed it. A client that sends real values matches only where it is
  // scrubbed likewise.
  bool scrubbed = false;
  // On a REQUEST or CREATE_STREAM: nothing told the recorder whether the call was unary or a stream, and what
  // types its messages have. Of the first this is what the call looked like; types are left empty.
  bool inferred = false;

  bool operator==(const EntryExtras&) const = default;
  bool empty() const { return *this == EntryExtras{}; }
};

// Whether a field of Entry is one of these.
constexpr bool isExtraField(std::uint32_t number) { return number >= 1000 && number <= 1008; }

// Those of an Entry message. An Error says which of them is no such message, and where.
Result<EntryExtras> parseExtras(ByteView entry);
// The fields to append to an Entry message; empty for empty extras.
std::string serializeExtras(const EntryExtras& extras);
// `entry` without its canceller, or its mark of what was inferred; every other field keeps its bytes and its
// order.
std::string withoutCanceller(ByteView entry);
std::string withoutInferred(ByteView entry);
// Those of an entry of a recording; none where they cannot be read, which is a Problem of it.
EntryExtras extrasOf(const Recording& recording, std::uint32_t position);

}  // namespace retake
