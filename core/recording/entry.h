#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "recording/ids.h"

// One entry of a recording, as the bytes of its Entry message have it (proto/retake/replay_file.proto).
// Source: the Go packages cloud.google.com/go/rpcreplay and github.com/google/go-replayers/grpcreplay.
namespace retake {

enum class EntryKind : std::uint8_t {
  None = 0,  // the Entry says no kind, which no recorder writes
  Request = 1,
  Response = 2,
  CreateStream = 3,
  Send = 4,
  Recv = 5,
  Unknown = 6,     // a kind that this program does not know
  Unreadable = 7,  // bytes that are no Entry message; kept, and written back as they are
};

// "REQUEST", as the Go packages name it.
std::string_view entryKindName(EntryKind kind);

// The fields of an Entry message, pointing into its bytes.
struct EntryFields {
  std::int32_t kindNumber = 0;
  EntryKind kind = EntryKind::None;
  std::string_view method;
  bool hasMessage = false;
  std::string_view typeUrl;  // of the message
  ByteView message;          // the payload, without the Any around it
  bool isError = false;
  std::int32_t refIndex = 0;  // 1-based place in the file; of use to formats alone
  // A status code when isError and the message can be read as a google.rpc.Status.
  std::int32_t statusCode = 0;
  bool isPlain = true;     // it has one message at most, and that one value
  bool hasExtras = false;  // fields that the Go packages do not know (entry_extras.h), readable or not
};

// An Error tells what is no protobuf message, and where (bytes from the start of the entry).
Result<EntryFields> parseEntry(ByteView bytes);
// The same into `fields`, for those who parse very many; where it fails they hold what came before.
std::optional<Error> parseEntry(ByteView bytes, EntryFields& fields);

// An entry as asked for: its fields, and the bytes that they point into.
struct Entry {
  EntryId id;
  EntryId ref;
  std::string_view callMethod;  // its own method, or that of the REQUEST or CREATE_STREAM it refers to
  EntryFields fields;
  Blob bytes;
};

// "pkg.Message" of "type.googleapis.com/pkg.Message": what follows the last slash.
std::string_view typeNameOf(std::string_view typeUrl);

// What an edited entry has in place of the old message.
struct EntryMessage {
  std::string typeUrl;
  std::string value;
};

// `entry` with its message and is_error replaced; every other field, known or not, keeps its bytes
// and its order. No message: the field is removed.
std::string withMessage(ByteView entry, const std::optional<EntryMessage>& message, bool isError);
// `entry` with its ref_index replaced; 0 removes it.
std::string withRefIndex(ByteView entry, std::uint32_t refIndex);
// A new Entry message.
std::string serializeEntry(EntryKind kind, std::string_view method,
                           const std::optional<EntryMessage>& message, bool isError, std::uint32_t refIndex);

}  // namespace retake
