#include "edit/edit.h"
#include "edit/own_word.h"

namespace retake {
namespace {

// A stream's first message: SENDs that failed never left the client.
bool holdsFirstMessage(const EntryInfo& info) {
  return info.kind == EntryKind::Request || (info.kind == EntryKind::Send && !info.isError);
}

}  // namespace

Result<InsertCall> copyOfCall(const Recording& recording, const Call& call,
                              std::optional<std::string_view> firstMessage) {
  const EntryInfo opening = recording.info(call.first);
  InsertCall copy{.method = recording.methodName(opening.method), .entries = {}, .behind = opening.id};
  const auto add = [&](std::uint32_t position) -> std::optional<Error> {
    const auto entry = recording.entry(position);
    if (!entry) return entry.error();
    const EntryInfo info = recording.info(position);
    std::string bytes(entry->bytes.view);
    if (firstMessage && holdsFirstMessage(info)) {
      const std::string type = messageType(recording, info.id);
      if (type.empty() && !info.hasMessage)
        return Error{"copy of call " + std::to_string(call.number) +
                     ": its first message is not recorded, and no other call of its method tells of what "
                     "type it would be"};
      bytes = withMessage(bytes, EntryMessage{type, std::string(*firstMessage)}, false);
      firstMessage.reset();
    }
    copy.entries.push_back({.kind = info.kind, .bytes = ownWord(std::move(bytes))});
    return std::nullopt;
  };
  if (const auto failed = add(call.first)) return *failed;
  for (const std::uint32_t position : call.rest)
    if (const auto failed = add(position)) return *failed;
  return copy;
}

}  // namespace retake
