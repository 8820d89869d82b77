#include "interop_cases/verdict.h"

namespace retake::test {
namespace {

// As much of it as helps.
std::string shown(const std::string& text) {
  constexpr std::size_t kShown = 80;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string told = "\"";
  for (const char c : text.substr(0, kShown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f)
      told += c;
    else
      told += std::string("\\x") + kDigits[byte >> 4u] + kDigits[byte & 15u];
  }
  return told + (text.size() > kShown ? "\"... of " + std::to_string(text.size()) + " bytes" : "\"");
}

}  // namespace

Verdict& Verdict::same(std::string_view what, const std::string& found, const std::string& expected) {
  if (found != expected)
    m_text += std::string(what) + ": expected " + shown(expected) + ", found " + shown(found) + ". ";
  return *this;
}

Verdict& Verdict::same(std::string_view what, long long found, long long expected) {
  return same(what, std::to_string(found), std::to_string(expected));
}

Verdict& Verdict::holds(std::string_view what, bool is) {
  if (!is) m_text += "Expected: " + std::string(what) + ". ";
  return *this;
}

Verdict& Verdict::status(const grpc::Status& found, int code, const std::string& message) {
  if (found.error_code() != code)
    same("status", std::to_string(found.error_code()) + " " + found.error_message(),
         std::to_string(code) + " " + message);
  else if (!message.empty())
    same("status message", found.error_message(), message);
  return *this;
}

std::vector<std::string> valuesOf(const ReceivedMetadata& metadata, const std::string& key) {
  std::vector<std::string> values;
  const auto [first, last] = metadata.equal_range(key);
  for (auto at = first; at != last; ++at) values.emplace_back(at->second.data(), at->second.size());
  return values;
}

std::string valueOf(const ReceivedMetadata& metadata, const std::string& key) {
  const auto values = valuesOf(metadata, key);
  return values.size() == 1 ? values[0] : std::to_string(values.size()) + " values of " + key;
}

}  // namespace retake::test
