#include "recording/entry_extras.h"

#include "base/wire.h"
#include "recording/recording.h"

namespace retake {
namespace {

enum ExtraField : std::uint32_t {
  kTime = kTimeField,
  kRequestMetadata = 1001,
  kTimeout = 1002,
  kHeaders = 1003,
  kTrailers = 1004,
  kHalfClosedBefore = 1005,
  kCanceller = 1006,
  kScrubbed = 1007,
  kInferred = 1008
};

// Two bytes of a file may say that there is an entry, which takes 64 here. gRPC's peers take some kilobytes
// of metadata at most.
constexpr std::size_t kMaxMetadata = 1u << 16;

struct Name {
  const char* text;
  WireType type;
};

Name nameOf(std::uint32_t number) {
  switch (number) {
    case kTime:
      return {"time", WireType::Fixed64};
    case kRequestMetadata:
      return {"request metadata", WireType::Length};
    case kTimeout:
      return {"timeout", WireType::Varint};
    case kHeaders:
      return {"headers", WireType::Length};
    case kTrailers:
      return {"trailers", WireType::Length};
    case kHalfClosedBefore:
      return {"half-close", WireType::Varint};
    case kCanceller:
      return {"canceller", WireType::Varint};
    case kScrubbed:
      return {"scrubbed", WireType::Varint};
    default:
      return {"inferred", WireType::Varint};
  }
}

const char* wireTypeName(WireType type) {
  switch (type) {
    case WireType::Varint:
      return "a varint";
    case WireType::Fixed64:
      return "a 64-bit number";
    case WireType::Length:
      return "a message";
    case WireType::Group:
      return "a group";
    case WireType::Fixed32:
      return "a 32-bit number";
  }
  return "something else";
}

class ExtrasParser {
 public:
  explicit ExtrasParser(ByteView entry) : m_entry(entry) {}

  Result<EntryExtras> run() {
    WireCursor cursor(m_entry);
    WireField field;
    while (cursor.next(field))
      if (isExtraField(field.number))
        if (auto failure = take(field)) return *std::move(failure);
    if (cursor.failed()) return Error{cursor.failure(), cursor.offset()};
    return std::move(m_extras);
  }

 private:
  std::optional<Error> take(const WireField& field) {
    const Name name = nameOf(field.number);
    if (field.type != name.type)
      return error(
          name, field.raw,
          std::string("expected ") + wireTypeName(name.type) + ", found " + wireTypeName(field.type));
    switch (field.number) {
      case kTime:
        m_extras.timeNanos = static_cast<std::int64_t>(field.value);
        return std::nullopt;
      case kRequestMetadata:
        return append(name, field.bytes, m_extras.requestMetadata);
      case kTimeout:
        m_extras.timeoutNanos = static_cast<std::int64_t>(field.value);
        return std::nullopt;
      case kHeaders:
        return append(name, field.bytes, m_extras.headers);
      case kTrailers:
        return append(name, field.bytes, m_extras.trailers);
      case kHalfClosedBefore:
        m_extras.halfClosedBefore = field.value != 0;
        return std::nullopt;
      case kScrubbed:
        m_extras.scrubbed = field.value != 0;
        return std::nullopt;
      case kInferred:
        m_extras.inferred = field.value != 0;
        return std::nullopt;
      default:
        if (field.value > static_cast<std::uint64_t>(EntryExtras::Canceller::Recorder))
          return error(name, field.raw, "expected 0 to 4, found " + std::to_string(field.value));
        m_extras.canceller = static_cast<EntryExtras::Canceller>(field.value);
        return std::nullopt;
    }
  }

  // A message that comes twice is one, as protobuf has it.
  std::optional<Error> append(const Name& name, ByteView bytes, std::optional<Metadata>& to) {
    if (!to) to.emplace();
    WireCursor cursor(bytes);
    WireField field;
    while (cursor.next(field)) {
      if (field.number != 1) continue;
      if (field.type != WireType::Length)
        return error(name, field.raw, std::string("expected an entry, found ") + wireTypeName(field.type));
      if (to->size() == kMaxMetadata)
        return error(name, field.raw, "more than " + std::to_string(kMaxMetadata) + " entries");
      MetadataEntry& made = to->emplace_back();
      WireCursor parts(field.bytes);
      WireField part;
      while (parts.next(part)) {
        if (part.type != WireType::Length) continue;
        if (part.number == 1) made.key = part.bytes;
        if (part.number == 2) made.value = part.bytes;
      }
      if (parts.failed())
        return error(name, field.bytes.substr(parts.offset()),
                     "entry " + std::to_string(to->size()) + ": " + parts.failure());
    }
    if (cursor.failed()) return error(name, bytes.substr(cursor.offset()), cursor.failure());
    return std::nullopt;
  }

  Error error(const Name& name, ByteView at, const std::string& what) const {
    const auto offset = static_cast<std::uint64_t>(at.data() - m_entry.data());
    return Error{std::string(name.text) + " at byte " + std::to_string(offset) + " of the entry: " + what,
                 offset};
  }

  ByteView m_entry;
  EntryExtras m_extras;
};

void appendMetadata(std::string& out, std::uint32_t number, const std::optional<Metadata>& metadata) {
  if (!metadata) return;
  std::string message;
  for (const MetadataEntry& entry : *metadata) appendPairField(message, 1, entry.key, entry.value);
  appendBytesField(out, number, message);
}

std::string without(ByteView entry, std::uint32_t number) {
  std::string out;
  WireCursor cursor(entry);
  while (const auto field = cursor.next())
    if (field->number != number) out.append(field->raw);
  return out;
}

}  // namespace

Result<EntryExtras> parseExtras(ByteView entry) { return ExtrasParser(entry).run(); }

std::string serializeExtras(const EntryExtras& extras) {
  std::string out;
  if (extras.timeNanos) {
    appendTag(out, kTime, WireType::Fixed64);
    for (unsigned shift = 0; shift < 64; shift += 8)
      out.push_back(static_cast<char>(static_cast<std::uint64_t>(*extras.timeNanos) >> shift));
  }
  appendMetadata(out, kRequestMetadata, extras.requestMetadata);
  if (extras.timeoutNanos) appendVarintField(out, kTimeout, static_cast<std::uint64_t>(*extras.timeoutNanos));
  appendMetadata(out, kHeaders, extras.headers);
  appendMetadata(out, kTrailers, extras.trailers);
  if (extras.halfClosedBefore) appendVarintField(out, kHalfClosedBefore, 1);
  if (extras.canceller != EntryExtras::Canceller::Nobody)
    appendVarintField(out, kCanceller, static_cast<std::uint64_t>(extras.canceller));
  if (extras.scrubbed) appendVarintField(out, kScrubbed, 1);
  if (extras.inferred) appendVarintField(out, kInferred, 1);
  return out;
}

std::string withoutCanceller(ByteView entry) { return without(entry, kCanceller); }

std::string withoutInferred(ByteView entry) { return without(entry, kInferred); }

EntryExtras extrasOf(const Recording& recording, std::uint32_t position) {
  if (!recording.info(position).hasExtras) return {};
  const auto bytes = recording.bytes(position);
  if (!bytes) return {};
  auto extras = parseExtras(bytes->view);
  return extras ? *std::move(extras) : EntryExtras{};
}

}  // namespace retake
