#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "scrub/scrubber.h"

namespace retake {

// Live clients of a scrubbed recording: what they send is scrubbed before it is compared, and what they get
// back is in their own terms again, as far as a token tells for which value it stands: those that this
// session has seen (Hash, Fake), and times that were shifted. All functions may be called from any thread.
class SessionTerms {
 public:
  explicit SessionTerms(std::shared_ptr<const Scrubber> scrubber);

  // The message as the recording has it; nothing where no rule changes it.
  std::optional<std::string> scrub(const Scrubber::Live& live, ByteView message);
  std::optional<Metadata> scrub(const Scrubber::Live& live, const Metadata& metadata);
  // A recorded message in the client's terms; nothing where it is the same. Fields that need no change keep
  // their bytes.
  std::optional<std::string> restore(const Scrubber::Live& live, ByteView message) const;
  std::optional<Metadata> restore(const Scrubber::Live& live, const Metadata& metadata, bool trailers) const;
  std::optional<std::string> restoreText(std::string_view text) const;  // a status message

 private:
  std::shared_ptr<const Scrubber> m_scrubber;
  struct Seen;
  std::shared_ptr<Seen> m_seen;
};

}  // namespace retake
