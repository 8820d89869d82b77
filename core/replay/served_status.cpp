#include "replay/served_status.h"

#include "recording/status.h"
#include "recording/status_code.h"

namespace retake {
namespace {

// 8192 bytes are counted by names and values as they are on the wire, 32 more a trailer; what our
// server adds by itself (content-type where there are no headers, grpc-status) takes a few hundred.
constexpr std::size_t kTrailerBytes = 7600;

// grpc-message is percent-encoded but for what can be printed.
std::size_t encodedSize(char c) { return c >= 0x20 && c <= 0x7e && c != '%' ? 1 : 3; }

std::size_t encodedSize(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) size += encodedSize(c);
  return size;
}

std::size_t base64Size(std::size_t bytes) { return bytes / 3 * 4 + 4; }

// As HTTP/2 counts a field: 32 bytes besides its name and value.
std::size_t encodedSize(const Metadata& trailers) {
  std::size_t size = 0;
  for (const auto& [key, value] : trailers)
    size += key.size() + (isBinaryKey(key) ? base64Size(value.size()) : value.size()) + 32;
  return size;
}

bool isUtf8Continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

ServedStatus servedStatus(const Recording& recording, std::uint32_t position) {
  const auto entry = recording.entry(position);
  if (!entry) return {status_code::kUnknown, "retake: " + entry.error().message, {}};
  const EntryFields& fields = entry->fields;
  if (!fields.hasMessage) {
    if (fields.kind == EntryKind::Response) return {status_code::kUnknown, "EOF", {}};
    return {};
  }
  const auto notHow = [position](const std::string& why) {
    return ServedStatus{
        status_code::kUnknown,
        "retake: entry " + std::to_string(position + 1) + " says that the call failed, but not how: " + why,
        {}};
  };
  if (typeNameOf(fields.typeUrl) != kStatusType)
    return notHow("expected a google.rpc.Status, found \"" + std::string(fields.typeUrl) + "\"");
  auto status = parseStatus(fields.message);
  if (!status) return notHow(status.error().message);
  if (status->code == 0) return {};  // an error that is OK has neither text nor details
  ServedStatus served{status->code, std::move(status->message), {}};
  // gRPC keeps codes in an enum with room for these; those above 16 are the client's to make sense of.
  constexpr std::int32_t kLastCode = 31;
  if (served.code < 0 || served.code > kLastCode) {
    served.message = "code " + std::to_string(served.code) + ": " + served.message;
    served.code = status_code::kUnknown;
  } else if (!status->details.empty()) {
    served.details = fields.message;
  }
  return served;
}

std::optional<std::string> fitIntoTrailers(ServedStatus& status, Metadata* trailers) {
  const std::size_t text = encodedSize(status.message);
  const std::size_t others = trailers ? encodedSize(*trailers) : 0;
  const std::size_t details = status.details.empty() ? 0 : base64Size(status.details.size());
  if (text + details + others <= kTrailerBytes) return std::nullopt;
  const std::size_t bytes = status.message.size() + status.details.size();
  std::string note = others == 0 ? "a status of " + std::to_string(bytes) + " bytes is"
                                 : "a status of " + std::to_string(bytes) + " bytes and trailers of " +
                                       std::to_string(others) + " are";
  note += " more than C++ and Python clients take: ";
  std::string left = details > 0 ? "its details" : "";
  status.details.clear();
  if (text + others > kTrailerBytes && others > 0) {
    left += left.empty() ? "the trailers" : " and the trailers";
    trailers->clear();
  }
  if (!left.empty()) left += " were left out";
  if (text <= kTrailerBytes) return note + left;

  const std::string behind = "... (" + std::to_string(status.message.size()) + " bytes are recorded)";
  std::size_t room = kTrailerBytes - behind.size();
  std::size_t keep = 0;
  while (keep < status.message.size() && encodedSize(status.message[keep]) <= room)
    room -= encodedSize(status.message[keep++]);
  while (keep > 0 && isUtf8Continuation(status.message[keep])) --keep;
  status.message = status.message.substr(0, keep) + behind;
  return note + (left.empty() ? "" : left + " and ") + "its text was cut after " + std::to_string(keep) +
         " bytes";
}

}  // namespace retake
