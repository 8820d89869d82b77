#include "client/reflection_answer.h"

#include "base/wire.h"

namespace retake {
namespace {

// Field numbers of ServerReflectionResponse's oneof.
enum Answer : std::uint32_t { kFiles = 4, kServiceList = 6, kError = 7 };

// The strings in field 1 of a message.
bool readStrings(ByteView bytes, std::vector<std::string>& strings) {
  WireCursor cursor(bytes);
  while (const auto field = cursor.next())
    if (field->number == 1 && field->type == WireType::Length) strings.emplace_back(field->bytes);
  return !cursor.failed();
}

bool readServices(ByteView bytes, std::vector<std::string>& names) {
  std::vector<std::string> services;
  if (!readStrings(bytes, services)) return false;
  for (const std::string& service : services)
    if (!readStrings(service, names)) return false;
  return true;
}

bool readRefusal(ByteView bytes, ReflectionAnswer::Refusal& refusal) {
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    if (field->number == 1 && field->type == WireType::Varint)
      refusal.code = static_cast<std::int32_t>(field->value);
    if (field->number == 2 && field->type == WireType::Length) refusal.message = field->bytes;
  }
  return !cursor.failed();
}

}  // namespace

std::string reflectionRequest(ReflectionAsk ask, std::string_view text) {
  std::string request;
  appendBytesField(request, static_cast<std::uint32_t>(ask), text);
  return request;
}

std::optional<ReflectionAnswer> readReflectionAnswer(ByteView bytes) {
  ReflectionAnswer answer;
  WireCursor cursor(bytes);
  while (const auto field = cursor.next()) {
    if (field->type != WireType::Length) continue;
    if (field->number == kFiles && !readStrings(field->bytes, answer.files)) return std::nullopt;
    if (field->number == kServiceList && !readServices(field->bytes, answer.services)) return std::nullopt;
    if (field->number == kError && !readRefusal(field->bytes, answer.refusal.emplace())) return std::nullopt;
  }
  if (cursor.failed()) return std::nullopt;
  return answer;
}

}  // namespace retake
