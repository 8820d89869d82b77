#include "edit/insert_call.h"

namespace retake {
namespace {

Error cannot(const InsertCall& edit, const std::string& why) {
  return {"new call of " + edit.method + ": " + why};
}

}  // namespace

Result<Recording> insertCall(const Recording& recording, const InsertCall& edit) {
  if (edit.method.empty() || edit.method.front() != '/')
    return Error{"new call: expected a method as in /pkg.Service/Method, found \"" + edit.method + "\""};
  if (edit.entries.empty()) return cannot(edit, "expected a REQUEST or CREATE_STREAM first, found nothing");
  const EntryKind first = edit.entries.front().kind;
  if (first != EntryKind::Request && first != EntryKind::CreateStream)
    return cannot(edit,
                  "expected a REQUEST or CREATE_STREAM first, found a " + std::string(entryKindName(first)));
  for (std::size_t i = 1; i < edit.entries.size(); ++i) {
    const EntryKind kind = edit.entries[i].kind;
    const bool fits = first == EntryKind::Request ? kind == EntryKind::Response && i == 1
                                                  : kind == EntryKind::Send || kind == EntryKind::Recv;
    if (!fits)
      return cannot(
          edit, "expected " + std::string(first == EntryKind::Request ? "one RESPONSE" : "SENDs and RECVs") +
                    " behind the " + std::string(entryKindName(first)) + ", found a " +
                    std::string(entryKindName(kind)) + " as entry " + std::to_string(i + 1) + " of it");
  }
  std::uint32_t at = recording.size();
  if (edit.behind) {
    const auto position = recording.position(edit.behind);
    if (!position) return cannot(edit, "the call that it should stand behind is no longer there");
    at = *position + 1;
    for (std::uint32_t other = at; other < recording.size(); ++other)
      if (recording.info(other).ref == edit.behind) at = other + 1;
  }
  Recording after = recording;
  EntryId opened;
  for (const InsertCall::NewEntry& entry : edit.entries) {
    after = after.withInserted(at,
                               serializeEntry(entry.kind, opened ? std::string_view() : edit.method,
                                              entry.message, entry.isError, 0),
                               opened);
    if (!opened) opened = after.info(at).id;
    ++at;
  }
  return after;
}

}  // namespace retake
