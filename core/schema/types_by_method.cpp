#include "schema/types_by_method.h"

#include <optional>

#include "recording/entry_extras.h"
#include "recording/status.h"
#include "schema/call_kind.h"

namespace retake {

namespace {

// `entry` as the schema knows it; nothing where that has nothing new to say.
std::optional<std::string> typed(const Schema& schema, const Entry& entry, const EntryInfo& info) {
  std::optional<std::string> bytes;
  const bool isRequest = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
  const std::string_view type = messageTypeOf(schema, entry.callMethod, isRequest);
  if (info.hasMessage && !info.isError && !type.empty() && typeNameOf(entry.fields.typeUrl).empty())
    bytes = withMessage(
        entry.bytes.view,
        EntryMessage{std::string(kTypeUrlPrefix) + std::string(type), std::string(entry.fields.message)},
        false);
  const bool begins = info.kind == EntryKind::Request || info.kind == EntryKind::CreateStream;
  const auto kind = callKind(schema, entry.callMethod);
  if (begins && info.hasExtras && kind && (*kind == CallKind::Unary) == (info.kind == EntryKind::Request)) {
    const auto extras = parseExtras(entry.bytes.view);
    if (extras && extras->inferred) bytes = withoutInferred(bytes ? ByteView(*bytes) : entry.bytes.view);
  }
  return bytes;
}

}  // namespace

Result<std::vector<TypedEntry>> typesByMethod(const Recording& recording, const Schema& schema) {
  std::vector<TypedEntry> found;
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryInfo info = recording.info(position);
    if (!info.hasExtras && (!info.hasMessage || info.isError)) continue;
    const auto entry = recording.entry(position);
    if (!entry) return entry.error();
    if (auto bytes = typed(schema, *entry, info)) found.push_back({entry->id, *std::move(bytes)});
  }
  return found;
}

}  // namespace retake
