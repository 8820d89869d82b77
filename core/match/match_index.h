#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "match/message_key.h"
#include "match/policy.h"
#include "match/stream_tree.h"
#include "recording/calls.h"
#include "recording/metadata.h"
#include "recording/recording.h"
#include "schema/schema.h"

namespace retake {

// Which recorded calls answer a request: a lookup, whatever their number. Built once from a snapshot,
// immutable and free of what has been used (matcher.h has that). Safe to use from any number of threads.
//
// Calls that are equal stand in a queue, in the order in which they are handed out: unary calls by where
// their RESPONSE stands (those without one at the end), streams by where their CREATE_STREAM stands.
class MatchIndex {
 public:
  static constexpr std::uint32_t kNone = KeyTable::kNone;

  struct Slot {
    EntryId id;                     // of the REQUEST or CREATE_STREAM
    std::uint32_t call = 0;         // index into the Calls it was built from
    std::uint32_t variant = kNone;  // of a stream
  };

  using Variant = StreamVariant;

  struct Family {                                            // the unary calls of a method, or its streams
    std::vector<const google::protobuf::Descriptor*> types;  // of first messages; null: not in the schema
    const FieldPathSet* ignored = nullptr;
    std::uint64_t seed = 0;
    std::uint32_t count = 0;     // those that may answer this client, those of `otherwise` among them
    std::uint32_t recorded = 0;  // all of the method
  };

  struct Method {
    Family unary;
    Family streams;
    // The calls whose metadata is not recorded, where these are the ones with equal metadata.
    const Method* otherwise = nullptr;
    // The rest is about streams. Queues are kNone where they are empty.
    std::uint32_t all = kNone;
    std::uint32_t withoutSends = kNone;
    std::uint32_t beginWithRecv = kNone;  // or with the end
    std::vector<Variant> variants;
    StreamTree tree;                 // of the variants
    bool someFailFirst = false;      // a stream whose first RECV is an error; also one of `otherwise`
    bool someBeginWithRecv = false;  // of all that are recorded, whatever their metadata

    // Streams that may answer, in order: kNone only where `streams.count` is 0.
    std::uint32_t streamQueue() const { return all == kNone && otherwise ? otherwise->all : all; }
  };

  // Where a message leads: queues, kNone where there is nothing.
  struct Place {
    std::uint32_t exact = kNone;
    std::uint32_t guessed = kNone;  // all that equal it by a guess, those of `exact` among them
    bool empty() const { return exact == kNone && guessed == kNone; }
    std::uint32_t best() const { return exact != kNone ? exact : guessed; }
  };

  // Which calls that were cut off (isCutOff() in schema/call_kind.h) answer nothing.
  enum class LeaveOut : std::uint8_t {
    // Those that a whole call stands in for: it has an equal first message, or goes without one, and as many
    // answers at least. For one without any message any whole call of the method does.
    WhereOthersAnswer,
    CutOff  // all of them
  };

  // Reads the first message of each call, and the RECVs before a stream's first SEND. An Error when the
  // recording has lost its bytes. The Schema must outlive the index.
  static Result<std::shared_ptr<const MatchIndex>> build(const Recording& recording, const Calls& calls,
                                                         const Schema& schema, const MatchPolicy& policy = {},
                                                         LeaveOut leaveOut = LeaveOut::WhereOthersAnswer);

  bool hasCutOff() const { return m_hasCutOff; }  // calls that were, left out or not
  // `call` is an index into the Calls.
  bool isLeftOut(std::uint32_t call) const { return call < m_leftOut.size() && m_leftOut[call]; }
  // Calls of a method of which there are no others.
  std::uint32_t leftOutCalls(std::string_view method) const;

  // For a client that sent this metadata. Null when no call of the method is recorded.
  const Method* method(std::string_view name, const Metadata& metadata = {}) const;
  // Whether calls of it are recorded with such metadata, where that is compared.
  bool hasPart(std::string_view name, const Metadata& metadata) const;
  // Whether its metadata makes a difference.
  bool comparesMetadata(std::string_view method) const;
  // What is not compared in messages of a method that is recorded.
  const FieldPathSet& ignored(std::string_view method) const;
  Place find(const Schema& schema, const Family& family, std::uint32_t type, ByteView message) const;
  std::span<const Slot> queue(std::uint32_t queue) const {
    const Queue& q = m_queues[queue];
    return std::span(m_slots).subspan(q.begin, q.count);
  }
  std::uint32_t queueCount() const { return static_cast<std::uint32_t>(m_queues.size()); }
  const Variant& variant(const Method& method, const Slot& slot) const {
    return method.variants[slot.variant];
  }

 private:
  friend class MatchIndexBuilder;

  struct Queue {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };
  struct Named {
    std::string name;
    FieldPathSet ignored;
    std::vector<std::string> metadata;  // keys that are compared; sorted
    std::uint32_t plain = 0;            // without metadata: all of it, or what has none recorded
  };
  static MessageKey metadataKey(const Named& named, const Metadata& metadata, std::uint32_t number);

  std::vector<std::unique_ptr<const Named>> m_named;
  std::unordered_map<std::string_view, std::uint32_t> m_numbers;  // in m_named, which the views are into
  bool m_comparesMetadata = false;                                // of some method
  std::vector<Method> m_methods;
  KeyTable m_parts;                      // metadataKey() → method
  KeyTable m_keys;                       // raw bytes and exact forms → queue; guessed forms → group
  std::vector<std::uint32_t> m_groups;   // of a queue of equal calls: its group, or kNone
  std::vector<std::uint32_t> m_guessed;  // of a group: its queue
  std::vector<Queue> m_queues;
  std::vector<Slot> m_slots;
  bool m_hasCutOff = false;
  std::vector<bool> m_leftOut;  // by call, up to the last that is
  std::unordered_map<std::string, std::uint32_t> m_leftOutCalls;
};

// Whether an index of `before` is one of `after` as well: the same calls in the same order, with the
// same first messages and the same beginnings of streams.
bool sameIndex(const Recording& before, const Calls& calls, const Recording& after);

// The type of a client's message: as recorded, where the schema knows that; else the method's. May be null.
const google::protobuf::Descriptor* messageTypeOf(const Schema& schema, std::string_view typeUrl,
                                                  std::string_view method);

// What a chain of RECVs that were sent is known by.
MessageKey leadingKey(const MessageKey& before, ByteView message);

}  // namespace retake
