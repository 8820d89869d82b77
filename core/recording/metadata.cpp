#include "recording/metadata.h"

#include <algorithm>
#include <array>

#include "base/hex.h"

namespace retake {
namespace {

// Besides "grpc-*" and ":*". The connection-specific ones of HTTP/2 (RFC 9113, 8.2.2), and what gRPC's own
// stacks write anew for each hop.
constexpr std::array<std::string_view, 14> kOneHop = {
    "accept-encoding",   "connection", "content-encoding", "content-length", "content-type",     "host",
    "http2-settings",    "keep-alive", "lb-cost-bin",      "lb-token",       "proxy-connection", "te",
    "transfer-encoding", "upgrade"};

bool isKeyByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// Bytes of a binary value are sent as base64, so anything will do; of others these alone.
bool isValueByte(char c) { return c >= 0x20 && c <= 0x7e; }

std::string byteAt(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (isValueByte(text[at])) return std::string("'") + text[at] + "'";
  return std::string("byte 0x") + kHexDigits[byte >> 4u] + kHexDigits[byte & 15u];
}

// A key as part of a sentence, whatever its bytes are.
std::string quoted(std::string_view key) {
  constexpr std::size_t kShown = 64;
  std::string text = "\"";
  for (const char c : key.substr(0, kShown)) text += isValueByte(c) ? c : '?';
  return text + (key.size() > kShown ? "...\"" : "\"");
}

}  // namespace

bool isEndToEnd(std::string_view key) {
  if (key.starts_with(':') || key.starts_with("grpc-") || key == "user-agent") return false;
  return std::find(kOneHop.begin(), kOneHop.end(), key) == kOneHop.end();
}

bool isBinaryKey(std::string_view key) { return key.ends_with("-bin"); }

std::string whyNotSendable(const MetadataEntry& entry) {
  const auto& [key, value] = entry;
  if (key.empty()) return "expected a metadata key, found an empty one";
  const auto badKey = std::find_if_not(key.begin(), key.end(), isKeyByte);
  if (badKey != key.end())
    return "metadata key " + quoted(key) + ": expected lower-case letters, digits, '-', '_' and '.', found " +
           byteAt(key, static_cast<std::size_t>(badKey - key.begin()));
  if (isBinaryKey(key)) return {};
  const auto badValue = std::find_if_not(value.begin(), value.end(), isValueByte);
  if (badValue != value.end())
    return "value of metadata key " + quoted(key) + ": expected printable ASCII, found " +
           byteAt(value, static_cast<std::size_t>(badValue - value.begin())) + " at byte " +
           std::to_string(badValue - value.begin());
  return {};
}

}  // namespace retake
