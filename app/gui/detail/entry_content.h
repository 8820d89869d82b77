#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "recording/calls.h"
#include "recording/recording.h"
#include "recording/status.h"
#include "schema/schema.h"

// What an entry holds, as the detail shows it. No widgets here.
namespace retake::gui {

enum class EntryShape {
  Gone,         // no such entry, or its bytes cannot be read any more (`note` says why)
  Message,      // a message
  Status,       // an error: a status
  StreamEnd,    // a RECV that ends its stream with OK
  SendFailed,   // a SEND that failed; which error, the Go packages do not record
  StreamBegin,  // a CREATE_STREAM that succeeded: there is nothing in it
  NoMessage,    // a message should be here and is not
  Raw           // no Entry, a kind that is not known, or an error whose message is no status
};

struct EntryContent {
  EntryId id;
  EntryKind kind = EntryKind::None;
  EntryShape shape = EntryShape::Gone;
  Blob message;          // Message, Status: the payload; Raw: what there is
  std::string typeName;  // of `message`
  std::string typeUrl;
  Status status;     // when shape is Status
  std::string note;  // Gone, Raw: one sentence
};

EntryContent contentOf(const Recording& recording, EntryId id);

// Whether apply() takes a message, or a status, for such an entry.
bool takesMessage(EntryKind kind);
bool takesStatus(EntryKind kind);

// The type that a message in this entry would have: from the schema by its method, else from the
// same kind of entry of another call of that method; empty when nothing tells.
std::string expectedType(const Recording& recording, const Schema& schema, EntryId id);

// Whether the entry's bytes are not those of `opened`, an earlier snapshot of the same file, or it is
// not in there at all.
bool differs(const Recording& now, const Recording& opened, EntryId id);

// One line of a call, in recorded order.
struct CallMessage {
  std::uint32_t position = 0;
  std::uint32_t number = 0;  // from 1, counting messages both ways; 0 for an end, a failure or damage
  bool sent = false;         // by the client
};
// The REQUEST and the RESPONSE, or what a stream sent and received; its CREATE_STREAM only where
// that failed.
std::vector<CallMessage> callMessages(const Recording& recording, const Call& call);

}  // namespace retake::gui
