#include "edit/insert_call.h"

#include "edit/type_url.h"

namespace retake {
namespace {

Error cannot(const InsertCall& edit, const std::string& why) {
  return {"new call of " + edit.method + ": " + why};
}

// What a recorder writes for an entry of that kind; nothing where `entry` is it.
std::string expectedOf(const InsertCall::NewEntry& entry) {
  const bool message = entry.message.has_value();
  const bool status = message && entry.isError && typeNameOf(entry.message->typeUrl) == kStatusType;
  if (message && typeNameOf(entry.message->typeUrl).empty()) return "a message with its type";
  switch (entry.kind) {
    case EntryKind::Request:
      return message && !entry.isError ? "" : "a message that is no error";
    case EntryKind::Response:
      return message && (!entry.isError || status) ? "" : "a message, or an error with its status";
    case EntryKind::CreateStream:
      return status || (!message && !entry.isError) ? "" : "nothing, or an error with its status";
    case EntryKind::Send:
      return message != entry.isError ? "" : "a message, or an error without one";
    case EntryKind::Recv:
      return status || message != entry.isError ? "" : "a message, a status, or the end of the stream";
    default:
      return "";
  }
}

// The entries as they are going to be, but for their ref_index; they are right together.
Result<std::vector<std::string>> serialized(const InsertCall& edit) {
  std::vector<std::string> all;
  EntryKind first = EntryKind::None;
  bool ended = false;
  bool copied = false;
  for (const InsertCall::NewEntry& entry : edit.entries) {
    const std::string place = "entry " + std::to_string(all.size() + 1) + " of it";
    EntryKind kind = entry.kind;
    bool isError = entry.isError;
    if (!entry.bytes.empty()) {
      const auto parsed = parseEntry(entry.bytes);
      if (!parsed)
        return cannot(edit, place + ": expected an Entry message, found bytes that are none: " +
                                parsed.error().message);
      kind = parsed->kind;
      isError = parsed->isError;
      copied = true;
    }
    const std::string found = "found a " + std::string(entryKindName(kind));
    if (all.empty()) {
      first = kind;
      if (first != EntryKind::Request && first != EntryKind::CreateStream)
        return cannot(edit, "expected a REQUEST or CREATE_STREAM first, " + found);
    } else if (first == EntryKind::Request ? kind != EntryKind::Response || all.size() > 1
                                           : kind != EntryKind::Send && kind != EntryKind::Recv) {
      return cannot(
          edit, "expected " + std::string(first == EntryKind::Request ? "one RESPONSE" : "SENDs and RECVs") +
                    " behind the " + std::string(entryKindName(first)) + ", " + found + " as " + place);
    }
    // What was recorded may be odd, and is copied as it is.
    if (!copied && ended && kind == EntryKind::Recv)
      return cannot(edit,
                    "expected nothing received behind the end of the stream, " + found + " as " + place);
    ended = ended || (isError && kind != EntryKind::Send);
    if (!entry.bytes.empty()) {
      all.push_back(entry.bytes);
      continue;
    }
    if (const std::string expected = expectedOf(entry); !expected.empty())
      return cannot(edit, "expected " + expected + " in a " + std::string(entryKindName(kind)) +
                              ", found otherwise in " + place);
    std::optional<EntryMessage> message = entry.message;
    if (message) message->typeUrl = typeUrlOf(std::move(message->typeUrl));
    all.push_back(
        serializeEntry(kind, all.empty() ? edit.method : std::string_view(), message, entry.isError, 0));
  }
  if (all.empty()) return cannot(edit, "expected a REQUEST or CREATE_STREAM first, found nothing");
  if (!copied && first == EntryKind::Request && all.size() == 1)
    return cannot(edit, "expected a RESPONSE behind the REQUEST, found nothing");
  return all;
}

}  // namespace

Result<Recording> insertCall(const Recording& recording, const InsertCall& edit) {
  if (edit.method.find('/') == std::string::npos)
    return Error{"new call: expected a method as in /pkg.Service/Method, found \"" + edit.method + "\""};
  const auto entries = serialized(edit);
  if (!entries) return entries.error();
  std::uint32_t at = recording.size();
  if (edit.behind) {
    const auto position = recording.position(edit.behind);
    if (!position) return cannot(edit, "the call that it should stand behind is no longer there");
    const EntryKind kind = recording.info(*position).kind;
    if (kind != EntryKind::Request && kind != EntryKind::CreateStream)
      return cannot(edit, "expected a REQUEST or CREATE_STREAM of the call to stand behind, found a " +
                              std::string(entryKindName(kind)));
    at = *position + 1;
    for (std::uint32_t other = at; other < recording.size(); ++other)
      if (recording.info(other).ref == edit.behind) at = other + 1;
  }
  Recording after = recording;
  EntryId opened;
  for (const std::string& bytes : *entries) {
    after = after.withInserted(at, bytes, opened);
    if (!opened) opened = after.info(at).id;
    ++at;
  }
  return after;
}

}  // namespace retake
