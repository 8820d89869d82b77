#include "match/policy.h"

#include <algorithm>

#include "recording/metadata.h"

namespace retake {
namespace {

std::string_view withoutSlash(std::string_view method) {
  if (method.starts_with('/')) method.remove_prefix(1);
  return method;
}

// "*", "a/*" or "a/b".
bool isMethodPattern(std::string_view pattern) {
  if (pattern == "*") return true;
  pattern = withoutSlash(pattern);
  const std::size_t slash = pattern.rfind('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == pattern.size()) return false;
  const std::size_t star = pattern.find('*');
  return star == std::string_view::npos || (star == slash + 1 && star + 1 == pattern.size());
}

struct Parts {
  std::string_view method;
  std::string_view what;
};

Result<Parts> split(std::string_view text, const std::string& thing, const char* form) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return Error{thing + " \"" + std::string(text) + "\": expected " + form + ", found no \":\""};
  const Parts parts{text.substr(0, colon), text.substr(colon + 1)};
  if (!isMethodPattern(parts.method))
    return Error{thing + " \"" + std::string(text) +
                 "\": expected a method as in \"/pkg.Service/Method\", \"pkg.Service/*\" or \"*\" before the "
                 "\":\", found \"" +
                 std::string(parts.method) + "\""};
  return parts;
}

bool isKeyChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

}  // namespace

bool methodMatches(std::string_view pattern, std::string_view method) {
  if (pattern == "*") return true;
  pattern = withoutSlash(pattern);
  method = withoutSlash(method);
  if (!pattern.ends_with("/*")) return pattern == method;
  pattern.remove_suffix(1);
  return method.starts_with(pattern) && method.find('/', pattern.size()) == std::string_view::npos;
}

Result<IgnoreRule> parseIgnoreRule(std::string_view text) {
  const auto parts = split(text, "ignore rule", "METHOD:PATH");
  if (!parts) return parts.error();
  auto path = parseFieldPath(parts->what);
  if (!path) return Error{"ignore rule \"" + std::string(text) + "\": " + path.error().message};
  return IgnoreRule{std::string(parts->method), *std::move(path)};
}

std::string toString(const IgnoreRule& rule) { return rule.method + ":" + toString(rule.path); }

Result<MetadataRule> parseMetadataRule(std::string_view text) {
  const auto parts = split(text, "metadata rule", "METHOD:KEY");
  if (!parts) return parts.error();
  std::string key(parts->what);
  for (char& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto error = [&](const std::string& what) {
    return Error{"metadata rule \"" + std::string(text) + "\": " + what};
  };
  if (key.empty()) return error("expected a metadata key behind the \":\", found the end");
  const auto wrong = std::find_if_not(key.begin(), key.end(), isKeyChar);
  if (wrong != key.end())
    return error("expected a metadata key of letters, digits, \"_\", \"-\" and \".\", found \"" +
                 std::string(parts->what) + "\"");
  if (!isEndToEnd(key)) return error("\"" + key + "\" belongs to a hop and is never compared");
  return MetadataRule{std::string(parts->method), std::move(key)};
}

std::string toString(const MetadataRule& rule) { return rule.method + ":" + rule.key; }

FieldPathSet ignoredIn(const MatchPolicy& policy, std::string_view method) {
  std::vector<FieldPath> paths;
  for (const IgnoreRule& rule : policy.ignore)
    if (methodMatches(rule.method, method)) paths.push_back(rule.path);
  return FieldPathSet(std::move(paths));
}

std::vector<std::string> comparedMetadata(const MatchPolicy& policy, std::string_view method) {
  std::vector<std::string> keys;
  for (const MetadataRule& rule : policy.compareMetadata)
    if (methodMatches(rule.method, method)) keys.push_back(rule.key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace retake
