#include "scrub/detect/field_secret.h"

#include <algorithm>
#include <array>
#include <string>

#include "scrub/detect/secret_names.h"
#include "scrub/marks.h"

namespace retake {
namespace {

// "projects/p/secrets/s": names of resources stand in fields that are named for what they lead to.
bool isResourceName(std::string_view value) {
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos || slash < 3 || value.find('/', slash + 1) == std::string_view::npos)
    return false;
  return std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(slash),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == ':' || c == '.'; });
}

}  // namespace

bool isPlaceholder(std::string_view value) {
  if (value.empty() || isScrubMark(value)) return true;
  if (std::string_view("<${%*[").find(value.front()) != std::string_view::npos) return true;
  const char first = value.front();
  if ((first == 'x' || first == 'X' || first == '.' || first == '-') &&
      value.find_first_not_of(first) == std::string_view::npos)
    return true;
  if (value.size() > 16) return false;
  std::string lower(value);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"null",    "nil",    "none",     "true",     "false",   "undefined", "redacted", "scrubbed",
       "hidden",  "masked", "required", "optional", "string",  "empty",     "invalid",  "missing",
       "realm",   "error",  "yes",      "no",       "enabled", "disabled",  "unset",    "default",
       "unknown", "n/a",    "password", "secret",   "token"});
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

bool isSecretOfField(std::string_view value, const TextContext& place) {
  if (!saysSecret(place.name) && !saysSecretMessage(place.messageName, place.name)) return false;
  const std::size_t least = saysSecretNumber(place.name) ? 3 : 4;
  return value.size() >= least && !isPlaceholder(value) && !isResourceName(value);
}

}  // namespace retake
