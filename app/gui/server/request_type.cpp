#include "server/request_type.h"

#include <google/protobuf/descriptor.h>

namespace retake::gui {

namespace {

// Asks `visit` about each recorded call of the method until it says true.
template <typename Visit>
void eachCall(const Snapshot& snapshot, std::string_view method, Visit visit) {
  const Recording& recording = *snapshot.recording;
  std::uint32_t number = 0;
  while (number < recording.methodCount() && recording.methodName(number) != method) ++number;
  if (number == recording.methodCount()) return;
  for (std::uint32_t i = 0; i < snapshot.calls->size(); ++i) {
    const Call call = (*snapshot.calls)[i];
    if (recording.info(call.first).method == number && visit(call)) return;
  }
}

std::string typeAt(const Recording& recording, std::uint32_t position) {
  const EntryInfo info = recording.info(position);
  if (!info.hasMessage || info.isError) return {};
  const auto entry = recording.entry(position);
  return entry ? std::string(typeNameOf(entry->fields.typeUrl)) : std::string();
}

std::string recordedType(const Snapshot& snapshot, std::string_view method, EntryKind unary,
                         EntryKind stream) {
  const Recording& recording = *snapshot.recording;
  std::string type;
  eachCall(snapshot, method, [&](const Call& call) {
    const auto look = [&](std::uint32_t position) {
      const EntryKind kind = recording.info(position).kind;
      if (kind == unary || kind == stream) type = typeAt(recording, position);
      return !type.empty();
    };
    if (look(call.first)) return true;
    for (const std::uint32_t position : call.rest)
      if (look(position)) return true;
    return false;
  });
  return type;
}

}  // namespace

std::string requestTypeOf(const Snapshot& snapshot, std::string_view method) {
  if (const auto* known = snapshot.schema->method(method)) return known->input_type()->full_name();
  return recordedType(snapshot, method, EntryKind::Request, EntryKind::Send);
}

std::string responseTypeOf(const Snapshot& snapshot, std::string_view method) {
  if (const auto* known = snapshot.schema->method(method)) return known->output_type()->full_name();
  return recordedType(snapshot, method, EntryKind::Response, EntryKind::Recv);
}

std::optional<CallKind> kindOf(const Snapshot& snapshot, std::string_view method) {
  if (const auto* known = snapshot.schema->method(method)) {
    if (known->client_streaming())
      return known->server_streaming() ? CallKind::BidiStream : CallKind::ClientStream;
    return known->server_streaming() ? CallKind::ServerStream : CallKind::Unary;
  }
  std::optional<CallKind> kind;
  eachCall(snapshot, method, [&](const Call& call) {
    kind = call.kind;
    return true;
  });
  return kind;
}

QString firstService(const Snapshot& snapshot) {
  if (!snapshot.calls || snapshot.calls->size() == 0) return {};
  const EntryInfo first = snapshot.recording->info((*snapshot.calls)[0].first);
  return QString::fromStdString(snapshot.recording->methodName(first.method)).section(u'/', 1, 1);
}

}  // namespace retake::gui
