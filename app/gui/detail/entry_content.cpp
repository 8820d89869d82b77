#include "detail/entry_content.h"

#include <google/protobuf/descriptor.h>

namespace retake::gui {

EntryContent contentOf(const Recording& recording, EntryId id) {
  EntryContent content;
  content.id = id;
  const auto position = recording.position(id);
  if (!position) return content;
  content.kind = recording.info(*position).kind;
  auto entry = recording.entry(*position);
  if (!entry) {
    content.note = entry.error().message;
    return content;
  }
  const EntryFields& fields = entry->fields;
  content.message = {fields.message, entry->bytes.owner};
  content.typeUrl = fields.typeUrl;
  content.typeName = typeNameOf(fields.typeUrl);
  switch (fields.kind) {
    case EntryKind::Unreadable:
    case EntryKind::None:
    case EntryKind::Unknown:
      content.shape = EntryShape::Raw;
      content.message = entry->bytes;
      content.typeName.clear();
      content.note = fields.kind == EntryKind::Unreadable
                         ? "These bytes are no Entry message."
                         : "An entry of kind " + std::to_string(fields.kindNumber) +
                               ", which this program does not know. Its bytes are kept as they are.";
      return content;
    case EntryKind::CreateStream:
      if (!fields.isError) {
        content.shape = EntryShape::StreamBegin;
        return content;
      }
      break;
    case EntryKind::Request:
    case EntryKind::Response:
    case EntryKind::Send:
    case EntryKind::Recv:
      break;
  }
  if (!fields.isError) {
    content.shape = fields.hasMessage ? EntryShape::Message : EntryShape::NoMessage;
    return content;
  }
  if (!fields.hasMessage) {
    content.shape = fields.kind == EntryKind::Recv   ? EntryShape::StreamEnd
                    : fields.kind == EntryKind::Send ? EntryShape::SendFailed
                                                     : EntryShape::NoMessage;
    return content;
  }
  auto status = content.typeName == kStatusType
                    ? parseStatus(fields.message)
                    : Result<Status>(Error{"expected a google.rpc.Status, found a " + content.typeName});
  if (!status) {
    content.shape = EntryShape::Raw;
    content.note = "This entry is an error, but its message is no status: " + status.error().message + ".";
    return content;
  }
  content.shape = EntryShape::Status;
  content.status = *std::move(status);
  return content;
}

bool takesMessage(EntryKind kind) {
  return kind == EntryKind::Request || kind == EntryKind::Response || kind == EntryKind::Send ||
         kind == EntryKind::Recv;
}

bool takesStatus(EntryKind kind) {
  return kind == EntryKind::Response || kind == EntryKind::Recv || kind == EntryKind::CreateStream;
}

std::string expectedType(const Recording& recording, const Schema& schema, EntryId id) {
  const auto position = recording.position(id);
  if (!position) return {};
  const EntryInfo wanted = recording.info(*position);
  const bool sent = wanted.kind == EntryKind::Request || wanted.kind == EntryKind::Send;
  if (const auto* method = schema.method(recording.methodName(wanted.method)))
    return sent ? method->input_type()->full_name() : method->output_type()->full_name();
  for (std::uint32_t at = 0; at < recording.size(); ++at) {
    const EntryInfo info = recording.info(at);
    if (info.kind != wanted.kind || info.method != wanted.method || info.isError || !info.hasMessage ||
        info.id == id)
      continue;
    if (const auto entry = recording.entry(at)) return std::string(typeNameOf(entry->fields.typeUrl));
  }
  return {};
}

bool differs(const Recording& now, const Recording& opened, EntryId id) {
  const auto here = now.position(id);
  if (!here || !now.info(*here).edited) return false;
  const auto there = opened.position(id);
  if (!there) return true;
  const auto a = now.bytes(*here);
  const auto b = opened.bytes(*there);
  return a && b && a->view != b->view;
}

std::vector<CallMessage> callMessages(const Recording& recording, const Call& call) {
  std::vector<CallMessage> messages;
  messages.reserve(call.rest.size() + 1);
  std::uint32_t number = 0;
  const auto add = [&](std::uint32_t position) {
    const EntryInfo info = recording.info(position);
    const bool isMessage = !info.isError && info.hasMessage;
    messages.push_back({.position = position,
                        .number = isMessage ? ++number : 0,
                        .sent = info.kind == EntryKind::Request || info.kind == EntryKind::Send ||
                                info.kind == EntryKind::CreateStream});
  };
  if (!call.isStream() || recording.info(call.first).isError) add(call.first);
  for (const std::uint32_t position : call.rest) add(position);
  return messages;
}

}  // namespace retake::gui
