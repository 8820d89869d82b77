#include "schema/types_by_method.h"

#include "recording/status.h"
#include "schema/call_kind.h"

namespace retake {

Result<std::vector<TypedEntry>> typesByMethod(const Recording& recording, const Schema& schema) {
  std::vector<TypedEntry> typed;
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryInfo info = recording.info(position);
    if (!info.hasMessage || info.isError) continue;
    const bool isRequest = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
    const std::string_view type = messageTypeOf(schema, recording.methodName(info.method), isRequest);
    if (type.empty()) continue;
    const auto entry = recording.entry(position);
    if (!entry) return entry.error();
    if (!typeNameOf(entry->fields.typeUrl).empty()) continue;
    const EntryMessage message{std::string(kTypeUrlPrefix) + std::string(type),
                               std::string(entry->fields.message)};
    typed.push_back({entry->id, withMessage(entry->bytes.view, message, false)});
  }
  return typed;
}

}  // namespace retake
