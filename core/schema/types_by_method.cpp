#include "schema/types_by_method.h"

#include <optional>

#include "recording/entry_extras.h"
#include "recording/status.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

// `entry` as the schema knows it; nothing where that has nothing new to say.
std::optional<TypedEntry> typed(const Schema& schema, const Entry& entry, const EntryInfo& info) {
  TypedEntry made{.entry = entry.id, .bytes = {}};
  const bool isRequest = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
  const std::string_view type = messageTypeOf(schema, entry.callMethod, isRequest);
  if (info.hasMessage && !info.isError && !type.empty() && typeNameOf(entry.fields.typeUrl).empty()) {
    const std::string url = std::string(kTypeUrlPrefix) + std::string(type);
    made.bytes = withMessage(entry.bytes.view, EntryMessage{url, std::string(entry.fields.message)}, false);
    made.hasType = true;
  }
  const bool begins = info.kind == EntryKind::Request || info.kind == EntryKind::CreateStream;
  const auto kind = callKind(schema, entry.callMethod);
  if (begins && info.hasExtras && kind && (*kind == CallKind::Unary) == (info.kind == EntryKind::Request)) {
    const auto extras = parseExtras(entry.bytes.view);
    if (extras && extras->inferred)
      made.bytes = withoutInferred(made.hasType ? ByteView(made.bytes) : entry.bytes.view);
  }
  return !made.bytes.empty() ? std::optional(std::move(made)) : std::nullopt;
}

}  // namespace

Result<std::vector<TypedEntry>> typesByMethod(const Recording& recording, const Schema& schema) {
  std::vector<TypedEntry> found;
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryInfo info = recording.info(position);
    if (!info.hasExtras && (!info.hasMessage || info.isError)) continue;
    const auto entry = recording.entry(position);
    if (!entry) return entry.error();
    if (auto made = typed(schema, *entry, info)) found.push_back(*std::move(made));
  }
  return found;
}

}  // namespace retake
