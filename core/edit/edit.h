#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "recording/calls.h"
#include "recording/problem.h"
#include "recording/recording.h"
#include "recording/status.h"

namespace retake {

// What a person can change. Every edit names its entry by id, so it can be applied to any snapshot
// that still has the entry.

// A message of a REQUEST, RESPONSE, SEND or RECV, as protobuf bytes. In place of a status it makes
// the entry a success; then `typeUrl` must say of what type it is. Empty: the type stays.
struct ReplaceMessage {
  EntryId entry;
  std::string message;
  std::string typeUrl;
};

// The status of a RESPONSE, a RECV or a CREATE_STREAM. OK on a RECV is the end of the stream (no
// message, is_error), on a CREATE_STREAM that creating it went well; on a RESPONSE, which has no such
// form, it is an Error: replace the message instead.
struct ReplaceStatus {
  EntryId entry;
  Status status;
};

// Ends a stream whose end was not recorded, behind its last entry. An Error where it was.
struct EndStream {
  EntryId stream;  // its CREATE_STREAM
  Status status;
};

struct ReplaceInitialState {
  std::string bytes;
};

// An entry as it was in another snapshot, to the byte: what reverting it means.
struct RestoreEntry {
  EntryId entry;
  std::string bytes;  // an Entry message
};

// A new call behind all others, or behind the last entry of an existing one: its REQUEST or CREATE_STREAM
// first, then what belongs to that, in order. An Error when the entries are none that a recorder could have
// written.
struct InsertCall {
  struct NewEntry {
    EntryKind kind = EntryKind::None;
    std::optional<EntryMessage> message = {};
    bool isError = false;
    // An Entry message in place of message and isError, of an entry that is copied: fields that this program
    // does not know stay in it. Its ref_index does not matter.
    std::string bytes = {};
  };
  std::string method = {};  // "/pkg.Service/Method"
  std::vector<NewEntry> entries = {};
  EntryId behind = {};  // the REQUEST or CREATE_STREAM of the call to stand behind; none: at the end
};

// The call once more, to stand right behind it. With a `firstMessage` the copy is one that answers that
// request: it stands in place of the REQUEST's message or of the first SEND's. A stream without SENDs answers
// any, and is copied as it is. Everything else is as recorded, metadata and times as well.
Result<InsertCall> copyOfCall(const Recording& recording, const Call& call,
                              std::optional<std::string_view> firstMessage = std::nullopt);

// Leaves out a whole call: its REQUEST or CREATE_STREAM and all that refers to that.
struct RemoveCall {
  EntryId call;  // the REQUEST or CREATE_STREAM
};

// Many entries at once, and the initial state: what applying scrub rules means. Costs each chunk once.
struct RewriteEntries {
  std::vector<RestoreEntry> entries = {};  // in recorded order
  std::optional<std::string> initialState = {};
};

using Edit = std::variant<ReplaceMessage, ReplaceStatus, EndStream, ReplaceInitialState, RestoreEntry, Repair,
                          InsertCall, RemoveCall, RewriteEntries>;

// `recording` with the edit; everything else keeps its bytes, and what refers to an edited entry
// still does. Pure. An Error tells why it cannot be: no such entry, a status on a SEND, ...
Result<Recording> apply(const Recording& recording, const Edit& edit);

// The type URL of the message that the entry holds, or would hold in place of a status, as the other
// entries of its kind and method tell; empty where none does.
std::string messageType(const Recording& recording, EntryId entry);

// "message of entry 7", for undo menus and logs.
std::string describe(const Recording& recording, const Edit& edit);

}  // namespace retake
