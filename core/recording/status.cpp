#include "recording/status.h"

#include <array>
#include <cctype>
#include <charconv>

#include "base/wire.h"

namespace retake {
namespace {

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// "NotFound", "NOT_FOUND" and "not-found" all become "notfound".
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)))
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::string statusCodeName(std::int32_t code) {
  if (code >= 0 && static_cast<std::size_t>(code) < kCodeNames.size())
    return std::string(kCodeNames[static_cast<std::size_t>(code)]);
  return "CODE_" + std::to_string(code);
}

std::optional<std::int32_t> statusCodeFromName(std::string_view name) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size() && number >= 0 &&
      static_cast<std::size_t>(number) < kCodeNames.size())
    return number;
  const std::string wanted = folded(name);
  if (wanted == "canceled") return 1;  // the Go and the British spelling
  for (std::size_t i = 0; i < kCodeNames.size(); ++i)
    if (folded(kCodeNames[i]) == wanted) return static_cast<std::int32_t>(i);
  return std::nullopt;
}

Result<Status> parseStatus(ByteView bytes) {
  Status status;
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    if (field->number == 1 && field->type == WireType::Varint) {
      status.code = static_cast<std::int32_t>(field->value);
    } else if (field->number == 2 && field->type == WireType::Length) {
      status.message = field->bytes;
    } else if (field->number == 3 && field->type == WireType::Length) {
      Any detail;
      WireCursor inner(field->bytes);
      while (const auto part = inner.next()) {
        if (part->type != WireType::Length) continue;
        if (part->number == 1) detail.typeUrl = part->bytes;
        if (part->number == 2) detail.value = part->bytes;
      }
      if (inner.failed())
        return Error{std::string("a detail of the google.rpc.Status cannot be read: ") + inner.failure()};
      status.details.push_back(std::move(detail));
    }
  }
  if (cursor.failed())
    return Error{std::string("the google.rpc.Status cannot be read: ") + cursor.failure(), cursor.offset()};
  return status;
}

std::string serializeStatus(const Status& status) {
  std::string out;
  // An int32 below zero is ten bytes on the wire.
  if (status.code != 0) appendVarintField(out, 1, static_cast<std::uint64_t>(std::int64_t{status.code}));
  if (!status.message.empty()) appendBytesField(out, 2, status.message);
  for (const Any& detail : status.details) {
    std::string any;
    if (!detail.typeUrl.empty()) appendBytesField(any, 1, detail.typeUrl);
    if (!detail.value.empty()) appendBytesField(any, 2, detail.value);
    appendBytesField(out, 3, any);
  }
  return out;
}

}  // namespace retake
