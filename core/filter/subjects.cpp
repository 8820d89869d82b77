#include "filter/subjects.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>

#include "base/wire.h"
#include "filter/query_fields.h"
#include "recording/status.h"
#include "schema/call_kind.h"

namespace retake {
namespace {

using google::protobuf::Descriptor;

bool isOfClient(EntryKind kind) { return kind == EntryKind::Request || kind == EntryKind::Send; }

// What is sent to the client, a stream that could not be created among it.
FilterSide sideOf(const EntryInfo& info) {
  return isOfClient(info.kind) ? FilterSide::Request : FilterSide::Response;
}

// Times since the epoch do not fit a double; what is between two of a recording does.
double nanosBetween(std::int64_t begin, std::int64_t end) {
  std::int64_t exact = 0;
  if (!__builtin_sub_overflow(end, begin, &exact)) return static_cast<double>(exact);
  return static_cast<double>(end) - static_cast<double>(begin);
}

const Descriptor* typeOf(const Schema& schema, std::string_view method, bool isRequest,
                         std::string_view typeName) {
  if (!typeName.empty()) return schema.message(typeName);
  const auto* known = schema.method(method);
  if (!known) return nullptr;
  return isRequest ? known->input_type() : known->output_type();
}

}  // namespace

std::string_view serviceOf(std::string_view method) {
  const std::size_t slash = method.rfind('/');
  if (!method.starts_with('/') || slash == 0) return method;
  return method.substr(1, slash - 1);
}

CallSubject::CallSubject(const FilterInput& input, std::uint32_t call)
    : m_input(input), m_index(call), m_call((*input.calls)[call]) {}

std::optional<std::string_view> CallSubject::word(FilterField field) const {
  const Recording& recording = *m_input.recording;
  switch (field) {
    case FilterField::Method:
      return recording.methodName(recording.info(m_call.first).method);
    case FilterField::Service:
      return serviceOf(recording.methodName(recording.info(m_call.first).method));
    case FilterField::Kind:
      if (recording.methodName(recording.info(m_call.first).method).starts_with("ws:")) return kWebSocketKind;
      return callKindName(callKind(*m_input.schema, recording, m_call));
    case FilterField::Status: {
      const CallEnd end = callEnd(recording, m_call);
      if (end.kind == CallEnd::Kind::Open) return kOpenStatus;
      std::int32_t code = end.kind == CallEnd::Kind::Ok ? 0 : end.code;
      if (code == kOtherStatusCode && end.entry)
        if (const auto entry = recording.entry(*end.entry))
          if (const auto status = parseStatus(entry->fields.message)) code = status->code;
      m_word = statusCodeName(code);
      return m_word;
    }
    default:
      return std::nullopt;
  }
}

std::optional<double> CallSubject::number(FilterField field) const {
  switch (field) {
    case FilterField::Id:
      return m_call.number;
    case FilterField::Messages:
      return sizes().messages;
    case FilterField::RequestSize:
      return static_cast<double>(sizes().request);
    case FilterField::ResponseSize:
      return static_cast<double>(sizes().response);
    case FilterField::Size:
      return static_cast<double>(sizes().request + sizes().response);
    case FilterField::Duration: {
      const auto begin = timeOf(m_call.first);
      const auto end = m_call.rest.empty() ? std::nullopt : timeOf(m_call.rest.back());
      if (!begin || !end) return std::nullopt;
      return nanosBetween(*begin, *end);
    }
    case FilterField::Start: {
      const auto begin = timeOf(m_call.first);
      const auto first = timeOf((*m_input.calls)[0].first);
      if (!begin || !first) return std::nullopt;
      return nanosBetween(*first, *begin);
    }
    default:
      return std::nullopt;
  }
}

std::optional<bool> CallSubject::flag(FilterFlag flag) const {
  if (m_input.flag)
    if (const auto known = m_input.flag(flag, m_index)) return known;
  const Recording& recording = *m_input.recording;
  const auto anyEntry = [&](const auto& holds) {
    if (holds(m_call.first)) return true;
    for (const std::uint32_t position : m_call.rest)
      if (holds(position)) return true;
    return false;
  };
  switch (flag) {
    case FilterFlag::Edited:
      return anyEntry([&](std::uint32_t position) { return recording.info(position).edited; });
    case FilterFlag::Scrubbed:
      return recording.hasExtras() && anyEntry([&](std::uint32_t position) {
               const auto known = extras(position);
               return known && known->scrubbed;
             });
    case FilterFlag::Error:
      return callEnd(recording, m_call).kind == CallEnd::Kind::Error;
    case FilterFlag::Stream:
      return m_call.isStream();
    case FilterFlag::Undecodable:
      return isUndecodable();
    case FilterFlag::Used:
    case FilterFlag::Missed:
      break;
  }
  return std::nullopt;
}

bool CallSubject::visitMessage(std::uint32_t position, const Visit& visit, bool& goOn) const {
  const Recording& recording = *m_input.recording;
  const EntryInfo info = recording.info(position);
  if (!info.hasMessage) return true;
  const auto bytes = recording.bytes(position);
  if (!bytes) return false;
  EntryFields fields;
  if (parseEntry(bytes->view, fields)) return false;
  const std::string& method = recording.methodName(recording.info(m_call.first).method);
  goOn =
      visit(typeOf(*m_input.schema, method, sideOf(info) == FilterSide::Request, typeNameOf(fields.typeUrl)),
            fields.message);
  return true;
}

bool CallSubject::messages(FilterSide side, const Visit& visit) const {
  bool known = true;
  bool goOn = true;
  const auto one = [&](std::uint32_t position) {
    if (side == FilterSide::Any || side == sideOf(m_input.recording->info(position)))
      known = visitMessage(position, visit, goOn) && known;
    return goOn;
  };
  if (!one(m_call.first)) return known;
  for (const std::uint32_t position : m_call.rest)
    if (!one(position)) break;
  return known;
}

bool CallSubject::texts(const std::function<bool(std::string_view)>& visit) const {
  if (!m_input.recording->hasExtras()) return true;
  const auto all = [&](const std::optional<Metadata>& metadata) {
    if (metadata)
      for (const MetadataEntry& entry : *metadata)
        if (!isBinaryKey(entry.key) && !visit(entry.value)) return false;
    return true;
  };
  const auto one = [&](std::uint32_t position) {
    const auto known = extras(position);
    return !known || (all(known->requestMetadata) && all(known->headers) && all(known->trailers));
  };
  if (!one(m_call.first)) return true;
  for (const std::uint32_t position : m_call.rest)
    if (!one(position)) break;
  return true;
}

bool CallSubject::metadata(bool trailers, std::string_view key,
                           const std::function<bool(std::string_view value)>& visit) const {
  bool known = false;
  const auto one = [&](std::uint32_t position) {
    const auto e = extras(position);
    if (!e) return true;
    const auto& metadata = trailers ? e->trailers : e->requestMetadata;
    if (!metadata) return true;
    known = true;
    for (const MetadataEntry& entry : *metadata)
      if ((key == "*" || key == entry.key) && !visit(entry.value)) return false;
    return true;
  };
  if (!one(m_call.first) || !trailers) return known;
  for (const std::uint32_t position : m_call.rest)
    if (!one(position)) break;
  return known;
}

const google::protobuf::DescriptorPool* CallSubject::pool() const { return &m_input.schema->pool(); }

const CallSubject::Sizes& CallSubject::sizes() const {
  if (m_sizes) return *m_sizes;
  const Recording& recording = *m_input.recording;
  Sizes sizes;
  const auto add = [&](std::uint32_t position) {
    const EntryInfo info = recording.info(position);
    if (!info.hasMessage) return;
    (isOfClient(info.kind) ? sizes.request : sizes.response) += recording.messageSize(position);
    if (!info.isError) ++sizes.messages;
  };
  add(m_call.first);
  for (const std::uint32_t position : m_call.rest) add(position);
  m_sizes = sizes;
  return *m_sizes;
}

std::optional<EntryExtras> CallSubject::extras(std::uint32_t position) const {
  if (!m_input.recording->info(position).hasExtras) return std::nullopt;
  const auto bytes = m_input.recording->bytes(position);
  if (!bytes) return std::nullopt;
  auto extras = parseExtras(bytes->view);
  if (!extras) return std::nullopt;
  return *std::move(extras);
}

std::optional<std::int64_t> CallSubject::timeOf(std::uint32_t position) const {
  const auto known = extras(position);
  return known ? known->timeNanos : std::nullopt;
}

bool CallSubject::isUndecodable() const {
  const google::protobuf::LogSilencer quiet;  // of strings that are no UTF-8
  bool found = false;
  const bool known = messages(FilterSide::Any, [&](const Descriptor* type, ByteView message) {
    found = type ? !m_input.schema->newMessage(*type)->ParsePartialFromArray(message.data(),
                                                                             static_cast<int>(message.size()))
                 : !isWireMessage(message);
    return !found;
  });
  return found || !known;
}

MessageSubject::MessageSubject(const FilterInput& input, std::uint32_t call, std::uint32_t position)
    : CallSubject(input, call), m_position(position) {}

std::optional<std::string_view> MessageSubject::word(FilterField field) const {
  if (field != FilterField::Direction) return CallSubject::word(field);
  const EntryInfo info = input().recording->info(m_position);
  const bool out = isOfClient(info.kind) || (info.kind == EntryKind::CreateStream && !info.isError);
  return out ? "out" : "in";
}

bool MessageSubject::messages(FilterSide side, const Visit& visit) const {
  if (side != FilterSide::Any) return CallSubject::messages(side, visit);
  bool goOn = true;
  return visitMessage(m_position, visit, goOn);
}

bool MessageSubject::texts(const std::function<bool(std::string_view)>&) const { return true; }

LiveSubject::LiveSubject(const Schema& schema, const Live& live)
    : m_schema(schema), m_live(live), m_type(typeOf(schema, live.method, live.isRequest, live.typeName)) {
  if (const auto* method = schema.method(live.method))
    m_kind = method->client_streaming()
                 ? (method->server_streaming() ? CallKind::BidiStream : CallKind::ClientStream)
                 : (method->server_streaming() ? CallKind::ServerStream : CallKind::Unary);
}

std::optional<std::string_view> LiveSubject::word(FilterField field) const {
  switch (field) {
    case FilterField::Method:
      return m_live.method;
    case FilterField::Service:
      return serviceOf(m_live.method);
    case FilterField::Kind:
      if (m_live.method.starts_with("ws:")) return kWebSocketKind;
      if (!m_kind) return std::nullopt;
      return callKindName(*m_kind);
    case FilterField::Direction:
      return m_live.isRequest ? "out" : "in";
    default:
      return std::nullopt;
  }
}

std::optional<double> LiveSubject::number(FilterField field) const {
  // A stream may have sent more before, or send more yet.
  if (field == FilterField::RequestSize && m_live.isRequest && m_kind == CallKind::Unary)
    return static_cast<double>(m_live.message.size());
  return std::nullopt;
}

std::optional<bool> LiveSubject::flag(FilterFlag flag) const {
  if (flag == FilterFlag::Stream && m_kind) return *m_kind != CallKind::Unary;
  return std::nullopt;
}

bool LiveSubject::messages(FilterSide side, const Visit& visit) const {
  const FilterSide ours = m_live.isRequest ? FilterSide::Request : FilterSide::Response;
  if (side != FilterSide::Any && side != ours) return false;
  visit(m_type, m_live.message);
  return side == FilterSide::Any || m_kind == CallKind::Unary;
}

bool LiveSubject::texts(const std::function<bool(std::string_view)>&) const { return true; }

bool LiveSubject::metadata(bool trailers, std::string_view key,
                           const std::function<bool(std::string_view value)>& visit) const {
  if (trailers || !m_live.metadata) return false;
  for (const MetadataEntry& entry : *m_live.metadata)
    if ((key == "*" || key == entry.key) && !visit(entry.value)) break;
  return true;
}

const google::protobuf::DescriptorPool* LiveSubject::pool() const { return &m_schema.pool(); }

}  // namespace retake
