#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "match/match_index.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "replay/waker.h"

namespace retake {

class CausalPlace;

// What clients have sent of a recording, across calls, and which answers wait for more of it: an answer goes
// out once every REQUEST, CREATE_STREAM and SEND before it has *settled*, which is to say that it has
// arrived, or will not. Entries that failed, and those of no call or of one that the index leaves out, are
// waited for by nobody.
//
// What settled belongs to entry ids and outlives an edit. Safe to use from any thread; an event costs a few
// steps, whatever the number of calls, since each snapshot keeps a frontier: the first entry that is not
// settled.
class CausalOrder {
 public:
  // The order of one snapshot, as long as somebody serves it.
  class Snapshot {
   public:
    Snapshot(std::shared_ptr<const Recording> recording, std::shared_ptr<const Calls> calls,
             std::shared_ptr<const MatchIndex> index)
        : m_recording(std::move(recording)), m_calls(std::move(calls)), m_index(std::move(index)) {}

   private:
    friend class CausalOrder;
    friend class CausalPlace;
    std::shared_ptr<const Recording> m_recording;
    std::shared_ptr<const Calls> m_calls;
    std::shared_ptr<const MatchIndex> m_index;
    std::atomic<std::uint32_t> m_frontier{0};  // every entry of a client before it has settled
    std::unordered_map<std::uint32_t, std::uint32_t> m_opened;  // by queue: all slots before have settled
    std::multimap<std::uint32_t, CausalPlace*> m_waiting;       // by the position of their answers
  };

  // Of what is served from now on. What `isUsed` says of a REQUEST or CREATE_STREAM is asked once, at the
  // first snapshot: a call that was used before anybody watched counts as sent whole.
  std::shared_ptr<Snapshot> follow(std::shared_ptr<const Recording> recording,
                                   std::shared_ptr<const Calls> calls,
                                   std::shared_ptr<const MatchIndex> index,
                                   const std::function<bool(EntryId)>& isUsed);
  // Whether anybody follows or ever did: else nobody needs to tell what settles.
  bool isFollowed() const { return m_followed.load(std::memory_order_acquire); }

  // These lead to Waker::wake() of others, never of `self`, which may be null.
  void settle(const std::vector<EntryId>& entries, const CausalPlace* self);
  // A client has opened a stream, and nothing tells yet which: the first of `queue` that has not settled.
  void settleFirst(Snapshot& snapshot, std::span<const MatchIndex::Slot> slots, std::uint32_t queue,
                   const CausalPlace* self);

  struct GivenUp {
    std::uint32_t first = 0;  // position of the first that had not settled
    std::uint32_t count = 0;
  };
  // Everything before the answer at `position` settles. Empty when it had.
  std::optional<GivenUp> giveUpBefore(Snapshot& snapshot, std::uint32_t position, const CausalPlace* self);
  // Nothing has been sent.
  void reset();

 private:
  friend class CausalPlace;
  using Wakers = std::vector<std::shared_ptr<Waker>>;

  bool isSettled(EntryId id) const { return id.value < m_settled.size() && m_settled[id.value]; }
  void settle(EntryId id);
  bool isAwaited(const Snapshot& snapshot, std::uint32_t position) const;
  void advance(Snapshot& snapshot, const CausalPlace* self, Wakers& wakers);
  void advanceAll(const CausalPlace* self, Wakers& wakers);

  mutable std::mutex m_mutex;
  std::atomic<bool> m_followed{false};
  std::vector<bool> m_settled;  // by id
  std::vector<std::weak_ptr<Snapshot>> m_snapshots;
};

// A session's place among those that wait: for its next answer.
class CausalPlace {
 public:
  CausalPlace(CausalOrder& order, std::shared_ptr<CausalOrder::Snapshot> snapshot)
      : m_order(order), m_snapshot(std::move(snapshot)) {}
  ~CausalPlace() { leave(); }
  CausalPlace(const CausalPlace&) = delete;
  CausalPlace& operator=(const CausalPlace&) = delete;

  // Whether the answer at `position` goes out now. If not, the waker is woken once it may.
  bool lets(std::uint32_t position, const WakerSource& waker);
  void leave();
  CausalOrder::Snapshot& snapshot() const { return *m_snapshot; }

 private:
  friend class CausalOrder;
  CausalOrder& m_order;
  const std::shared_ptr<CausalOrder::Snapshot> m_snapshot;
  bool m_asked = false;  // the session's own; the rest is the order's
  bool m_waits = false;
  std::shared_ptr<Waker> m_waker;
  std::multimap<std::uint32_t, CausalPlace*>::iterator m_at;
};

}  // namespace retake
