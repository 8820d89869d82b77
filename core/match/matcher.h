#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "match/match_index.h"
#include "match/miss.h"
#include "match/policy.h"

namespace retake {

// How far the queues of one index have been handed out. Belongs to one Matcher, which alone touches it.
struct MatchCursors {
  struct Cursor {
    std::uint32_t at = 0;     // everything before it has been used more than `round` times
    std::uint32_t round = 0;  // above 0 with Reuse::Cycle alone
    std::uint32_t skip = 0;   // of a used-up variant: a later place in the tree, nothing unused before it
  };
  std::shared_ptr<const MatchIndex> index;
  std::uint64_t generation = 0;
  std::vector<Cursor> cursors;

  explicit MatchCursors(std::shared_ptr<const MatchIndex> of) : index(std::move(of)) {}
};

// A message of a client: as it came, and as scrub rules make it, where they change it. Equal to it is what
// equals either.
struct ClientMessage {
  ClientMessage(ByteView message) : asSent(message) {}
  ClientMessage(const std::string& message) : asSent(message) {}
  ClientMessage(ByteView message, const std::optional<std::string>& scrubbedMessage) : asSent(message) {
    if (scrubbedMessage) scrubbed = *scrubbedMessage;
  }
  // What may be told of it: nothing that the rules take out.
  ByteView told() const { return scrubbed ? *scrubbed : asSent; }

  ByteView asSent;
  std::optional<ByteView> scrubbed;
};

// The RECVs that a client got before it was known which stream it plays.
struct SharedRecvs {
  std::uint32_t count = 0;
  MessageKey key;  // leadingKey() of them
};

// Hands out recorded calls, each once (or as the policy says). What was used belongs to entry ids, so it
// outlives the index: an edited recording gets a new one, or keeps its own. Safe to use from any
// number of threads; messages are decoded outside of the lock, which is held for a few steps of a queue.
class Matcher {
 public:
  explicit Matcher(Reuse reuse) : m_reuse(reuse) {}

  // Counts from the next answer on.
  void setReuse(Reuse reuse);

  struct Taken {
    EntryId id;              // its REQUEST or CREATE_STREAM
    std::uint32_t call = 0;  // index into the Calls of the index
    bool guessed = false;    // equal by a guess (wire_form.h)
    bool scrubbed = false;   // equal to the message as scrub rules make it
  };
  using Answer = std::variant<Taken, Miss>;

  // `usedBy` is the number of the client's call, from 1: what the Miss of a later one tells.
  Answer takeUnary(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                   const ClientMessage& message, std::uint64_t usedBy);
  // The first unused stream whose first SEND equals `message`, or that has no SEND; of those that begin
  // with what the client got already.
  Answer takeStream(MatchCursors& in, const Schema& schema, const MatchIndex::Method& method,
                    const SharedRecvs& got, const ClientMessage& message, std::uint64_t usedBy);

  // What the unused streams of a method do next, behind the RECVs that the client got already.
  enum class Next : std::uint8_t {
    Nothing,  // there is none
    Send,     // a SEND, all of them
    Recv,     // the same RECV, all of them: that of Outlook::call
    Differ,   // RECVs or ends, and not the same
    Mixed     // a SEND for some, a RECV or the end for others
  };
  struct Outlook {
    Next next = Next::Nothing;
    std::uint32_t call = 0;
  };
  Outlook outlook(MatchCursors& in, const MatchIndex::Method& method, const SharedRecvs& got);

  // The first unused stream without looking at a message: RecvNext takes one that goes on with a RECV or
  // the end, WithoutSends prefers one that has no SEND, NoSends takes no other.
  enum class Prefer : std::uint8_t { RecvNext, WithoutSends, NoSends };
  Answer takeStreamUnseen(MatchCursors& in, const MatchIndex::Method& method, const SharedRecvs& got,
                          Prefer prefer, std::uint64_t usedBy);

  bool isUsed(EntryId id) const;
  // Everything may be used again.
  void reset();

 private:
  struct Use {
    std::uint32_t count = 0;
    std::uint64_t by = 0;
  };
  struct Filter;
  struct Places;
  using Slot = MatchIndex::Slot;

  void sync(MatchCursors& in) const;
  std::uint32_t uses(EntryId id) const { return id.value < m_uses.size() ? m_uses[id.value].count : 0; }
  const Slot* unused(MatchCursors& in, std::uint32_t queue, const Filter& filter) const;
  const Slot* goRound(MatchCursors& in, std::uint32_t queue) const;
  std::uint32_t unusedPlace(MatchCursors& in, const MatchIndex::Method& method,
                            StreamTree::Range places) const;
  const Slot* again(MatchCursors& in, std::uint32_t queue, const Filter& filter) const;
  const Slot* again(const Slot* first, const Slot* then) const;
  const MatchIndex::Method& playedNext(MatchCursors& in, const MatchIndex::Method& method) const;
  const Slot* unseen(MatchCursors& in, const MatchIndex::Method& method, const SharedRecvs& got,
                     Prefer prefer) const;
  Taken take(const Slot& slot, bool guessed, bool scrubbed, std::uint64_t usedBy);
  Miss usedUp(const MatchIndex& index, std::span<const std::uint32_t> queues) const;

  mutable std::mutex m_mutex;
  Reuse m_reuse;
  std::uint64_t m_generation = 1;
  std::vector<Use> m_uses;  // by id; what is not in it has not been used
};

}  // namespace retake
