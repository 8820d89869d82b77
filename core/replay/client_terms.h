#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "recording/metadata.h"
#include "replay/reaction.h"
#include "replay/served_recording.h"

// Recorded answers as the client that gets them calls things, where scrub rules are on
// (scrub/session_terms.h); else as they are.
namespace retake {

// How much is known of what is sent: `asScrubbed` says that the client's request was equal only as the rules
// make it, so that its call is scrubbed; else each entry tells.
struct ClientTerms {
  const ServedRecording& served;
  std::string_view method;
  bool asScrubbed = false;

  Blob message(std::uint32_t position, Blob message) const;
  // Without a position: of more than one call.
  Metadata headers(std::optional<std::uint32_t> position, Metadata headers) const;
  // The log gets the recorded text as the rules make it: it shall not have what they take out.
  void putInto(ReplayEnd& end, std::uint32_t position) const;
};

}  // namespace retake
