#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "document/snapshot.h"

namespace retake::gui {

// What filtering and sorting ask of each call, four bytes a call, so that a million are asked in
// milliseconds. No message is decoded.
class CallFacts {
 public:
  struct Fact {
    std::uint32_t method : 21;
    std::uint32_t kind : 2;  // CallKind, from the schema where it knows
    std::uint32_t end : 2;   // CallEnd::Kind
    std::uint32_t code : 5;  // of an error
  };

  void rebuild(const Snapshot& snapshot);
  void update(const Snapshot& snapshot, std::uint32_t call);
  // The snapshot has more calls than before; those that were there are where they were.
  void append(const Snapshot& snapshot, const AppendedCalls& appended);
  std::uint32_t size() const { return static_cast<std::uint32_t>(m_facts.size()); }
  const Fact& operator[](std::uint32_t call) const { return m_facts[call]; }

 private:
  std::vector<Fact> m_facts;
};

struct CallSizes {
  std::uint64_t request = 0;   // bytes of all messages that the client sent
  std::uint64_t response = 0;  // and of those it got, a status included
  std::uint32_t messages = 0;
};
CallSizes callSizes(const Recording& recording, const Call& call);

}  // namespace retake::gui
