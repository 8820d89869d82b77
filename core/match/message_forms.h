#pragma once

#include <cstdint>
#include <optional>

#include "match/message_key.h"
#include "schema/field_path.h"
#include "schema/schema.h"

namespace retake {

// What equal messages have in common.
struct MessageKeys {
  MessageKey exact;
  // Of the guessed form; only where the message could not be read by its type.
  std::optional<MessageKey> guess;
};

// `type` is null where the schema does not know it. `raw` is messageKey(message, seed): a message that is
// in its form already has that as its exact key. What `ignore` covers does not count. Keys compare within
// one seed, one type and one `ignore`.
MessageKeys messageKeys(const Schema& schema, const google::protobuf::Descriptor* type, ByteView message,
                        std::uint64_t seed, const MessageKey& raw, const FieldPathSet& ignore = {});

enum class Equality : std::uint8_t { Different, Guessed, Equal };

// Whether two messages are the same one. `type` and `ignore` as above.
Equality compareMessages(const Schema& schema, const google::protobuf::Descriptor* type, ByteView a,
                         ByteView b, const FieldPathSet& ignore = {});

}  // namespace retake
