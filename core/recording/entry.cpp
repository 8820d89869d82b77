#include "recording/entry.h"

#include <array>

#include "base/wire.h"
#include "recording/entry_extras.h"
#include "recording/status.h"

namespace retake {
namespace {

enum EntryField : std::uint32_t { kKind = 1, kMethod = 2, kMessage = 3, kIsError = 4, kRefIndex = 5 };

// More than tags, lengths and numbers take.
constexpr std::size_t kMostHeads = 64;

std::size_t roomFor(const std::optional<EntryMessage>& message) {
  return kMostHeads + (message ? message->typeUrl.size() + message->value.size() : 0);
}

// As a google.protobuf.Any.
void appendMessage(std::string& out, const EntryMessage& message) {
  appendPairField(out, kMessage, message.typeUrl, message.value);
}

// A copy by pointer and size, which were just written each on its own: read back as one, as GCC copies
// a view, they would have to wait for both to reach the cache. A sixth of the time that loading takes.
ByteView piecewise(const ByteView& bytes) { return {bytes.data(), bytes.size()}; }

std::int32_t statusCodeIn(ByteView status) {
  std::int32_t code = 0;
  WireCursor cursor(status);
  while (const auto field = cursor.next())
    if (field->number == 1 && field->type == WireType::Varint) code = static_cast<std::int32_t>(field->value);
  return code;
}

}  // namespace

std::string_view entryKindName(EntryKind kind) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "no kind", "REQUEST", "RESPONSE", "CREATE_STREAM", "SEND", "RECV", "unknown kind", "unreadable"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view typeNameOf(std::string_view typeUrl) {
  const auto slash = typeUrl.rfind('/');
  return slash == std::string_view::npos ? typeUrl : typeUrl.substr(slash + 1);
}

Result<EntryFields> parseEntry(ByteView bytes) {
  EntryFields fields;
  if (auto error = parseEntry(bytes, fields)) return *std::move(error);
  return fields;
}

std::optional<Error> parseEntry(ByteView bytes, EntryFields& entry) {
  entry = {};
  WireCursor cursor(bytes);
  WireField field;
  while (cursor.next(field)) {
    const bool isNumber = field.type == WireType::Varint;
    const bool isBytes = field.type == WireType::Length;
    if (field.number == kKind && isNumber) {
      entry.kindNumber = static_cast<std::int32_t>(field.value);
      entry.kind = entry.kindNumber >= 0 && entry.kindNumber <= 5 ? static_cast<EntryKind>(entry.kindNumber)
                                                                  : EntryKind::Unknown;
    } else if (field.number == kMethod && isBytes) {
      entry.method = piecewise(field.bytes);
    } else if (field.number == kMessage && isBytes) {
      entry.isPlain = entry.isPlain && !entry.hasMessage;
      entry.hasMessage = true;
      WireCursor any(field.bytes);
      WireField part;
      while (any.next(part)) {
        if (part.type != WireType::Length) continue;
        if (part.number == 1) entry.typeUrl = piecewise(part.bytes);
        if (part.number != 2) continue;
        entry.isPlain = entry.isPlain && !entry.message.data();
        entry.message = piecewise(part.bytes);
      }
      if (any.failed())
        return Error{std::string("its message is no google.protobuf.Any: ") + any.failure(),
                     static_cast<std::uint64_t>(field.bytes.data() - bytes.data()) + any.offset()};
    } else if (field.number == kIsError && isNumber) {
      entry.isError = field.value != 0;
    } else if (field.number == kRefIndex && isNumber) {
      entry.refIndex = static_cast<std::int32_t>(field.value);
    } else if (isExtraField(field.number)) {
      entry.hasExtras = true;
    }
  }
  if (cursor.failed()) return Error{cursor.failure(), cursor.offset()};
  if (entry.isError && entry.hasMessage) entry.statusCode = statusCodeIn(entry.message);
  return std::nullopt;
}

std::string withMessage(ByteView entry, const std::optional<EntryMessage>& message, bool isError) {
  std::string out;
  out.reserve(entry.size() + roomFor(message));
  bool messageWritten = !message;
  bool errorWritten = !isError;
  const auto writeMessage = [&] {
    if (!messageWritten) appendMessage(out, *message);
    messageWritten = true;
  };
  const auto writeError = [&] {
    if (!errorWritten) appendVarintField(out, kIsError, 1);
    errorWritten = true;
  };
  WireCursor cursor(entry);
  while (const auto field = cursor.next()) {
    // New fields go where Go's marshaller would have put them: in order of their numbers.
    if (field->number >= kMessage) writeMessage();
    if (field->number >= kIsError) writeError();
    const bool replaced = (field->number == kMessage && field->type == WireType::Length) ||
                          (field->number == kIsError && field->type == WireType::Varint);
    if (!replaced) out.append(field->raw);
  }
  writeMessage();
  writeError();
  return out;
}

std::string withRefIndex(ByteView entry, std::uint32_t refIndex) {
  std::string out;
  bool written = refIndex == 0;
  WireCursor cursor(entry);
  while (const auto field = cursor.next()) {
    if (field->number >= kRefIndex && !written) {
      appendVarintField(out, kRefIndex, refIndex);
      written = true;
    }
    if (field->number != kRefIndex || field->type != WireType::Varint) out.append(field->raw);
  }
  if (!written) appendVarintField(out, kRefIndex, refIndex);
  return out;
}

std::string serializeEntry(EntryKind kind, std::string_view method,
                           const std::optional<EntryMessage>& message, bool isError, std::uint32_t refIndex) {
  std::string out;
  out.reserve(method.size() + roomFor(message));
  appendVarintField(out, kKind, static_cast<std::uint64_t>(kind));
  if (!method.empty()) appendBytesField(out, kMethod, method);
  if (message) appendMessage(out, *message);
  if (isError) appendVarintField(out, kIsError, 1);
  if (refIndex != 0) appendVarintField(out, kRefIndex, refIndex);
  return out;
}

}  // namespace retake
