#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "recording/recording.h"

namespace retake {

enum class CallKind : std::uint8_t { Unary, ServerStream, ClientStream, BidiStream };

// "unary", "server stream", "client stream", "bidirectional stream".
std::string_view callKindName(CallKind kind);

// One call: a REQUEST with its RESPONSE, or a CREATE_STREAM with its SENDs and RECVs. All numbers
// but `number` are positions of entries.
struct Call {
  std::uint32_t number = 0;  // from 1, in the order of REQUEST and CREATE_STREAM
  CallKind kind = CallKind::Unary;
  std::uint32_t first = 0;  // REQUEST or CREATE_STREAM
  // What belongs to it, in recorded order: the RESPONSE, or SENDs and RECVs. Valid as long as its Calls.
  std::span<const std::uint32_t> rest;

  std::uint32_t last() const { return rest.empty() ? first : rest.back(); }
  bool isStream() const { return kind != CallKind::Unary; }
};

// How a call ended, as far as the recording tells.
struct CallEnd {
  enum class Kind : std::uint8_t {
    Open,  // no RESPONSE, or a stream whose end was not recorded
    Ok,
    Error
  };
  Kind kind = Kind::Open;
  std::int32_t code = 0;               // as EntryInfo::statusCode
  std::optional<std::uint32_t> entry;  // position of the entry that says so
};

// The entries of a recording, grouped. The replay file does not say of what kind a stream is; it is
// inferred: one SEND first, then RECVs: server stream; a single RECV that holds a message, as its
// last entry: client stream; else bidirectional. A schema knows better (schema/call_kind.h).
// Entries that belong to no call (problems.h names them) are in none.
class Calls {
 public:
  std::uint32_t size() const { return static_cast<std::uint32_t>(m_rows.size()); }
  // `index` is number - 1.
  Call operator[](std::uint32_t index) const;
  // The call that the entry at `position` belongs to.
  std::optional<std::uint32_t> indexOf(const Recording& recording, std::uint32_t position) const;

  friend Calls groupCalls(const Recording& recording);
  friend class CallGrouper;

 private:
  struct Row {
    std::uint32_t first;
    std::uint32_t restBegin;
    std::uint32_t restCount : 30;
    std::uint32_t kind : 2;
  };
  std::vector<Row> m_rows;
  std::vector<std::uint32_t> m_rest;
};

// One pass over the index; reads no message. Linear in the number of entries.
Calls groupCalls(const Recording& recording);

CallEnd callEnd(const Recording& recording, const Call& call);

}  // namespace retake
