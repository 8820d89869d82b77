#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scrub/scrubber.h"
#include "scrub/seen_values.h"

namespace retake {

// Live clients of a scrubbed recording: what they send is scrubbed before it is compared, and what they get
// back is in their own terms again, as far as a token tells for which value it stands: those that this
// session has seen (Hash, Fake), and times that were shifted. All functions may be called from any thread.
//
// Distinctive tokens are put back wherever they stand. Short ones, small numbers and times are so only in
// what is known to be scrubbed, and where a rule covers them whose scope a live call can tell: anything else
// may be a value of its own.
class SessionTerms {
 public:
  // What `before`, which may be null, has seen counts as well.
  explicit SessionTerms(std::shared_ptr<const Scrubber> scrubber, const SessionTerms* before = nullptr);

  const std::shared_ptr<const Scrubber>& scrubber() const { return m_scrubber; }

  // The message as the recording has it; nothing where no rule changes it.
  std::optional<std::string> scrub(const Scrubber::Live& live, ByteView message);
  std::optional<Metadata> scrub(const Scrubber::Live& live, const Metadata& metadata);

  // A recorded message in the client's terms; nothing where it is the same. Fields that need no change keep
  // their bytes. `isScrubbed`: the rules are known to have made it, or its call.
  std::optional<std::string> restore(const Scrubber::Live& live, ByteView message, bool isScrubbed) const;
  std::optional<Metadata> restore(const Scrubber::Live& live, const Metadata& metadata, bool trailers,
                                  bool isScrubbed) const;

  // Once: what a person should know, when there is something.
  std::optional<std::string> notice();

 private:
  struct Lessons;
  ScrubHits learning(Lessons& lessons) const;
  void remember(const Lessons& lessons);
  bool isReversible(const ScrubHit& hit) const;

  const std::shared_ptr<const Scrubber> m_scrubber;
  std::vector<bool> m_isReversible;  // by rule: a session can remember what its tokens stand for
  std::vector<bool> m_isLive;        // by rule: a live call tells whether it is in its scope
  bool m_learns = false;
  std::shared_ptr<const Scrubber> m_unshift;  // shifts times back; null where no rule shifts any
  const std::shared_ptr<SeenValues> m_seen;
  std::atomic<bool> m_noticed{false};
};

}  // namespace retake
