#include "workspace/idle_rules.h"

#include <algorithm>
#include <optional>

#include "match/match_index.h"
#include "schema/suggest.h"

namespace retake {
namespace {

struct Method {
  std::string name;
  std::string typeUrl = {};  // of its first request that has one
};

// Those that have calls.
std::vector<Method> methodsOf(const Recording& recording) {
  std::vector<std::optional<Method>> byNumber(recording.methodCount());
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryInfo info = recording.info(position);
    const bool begins = info.kind == EntryKind::Request || info.kind == EntryKind::CreateStream;
    if (!begins && info.kind != EntryKind::Send) continue;
    auto& method = byNumber[info.method];
    if (begins && !method) method = Method{recording.methodName(info.method)};
    if (!method || !method->typeUrl.empty() || !info.hasMessage || info.isError) continue;
    if (const auto entry = recording.entry(position)) method->typeUrl = entry->fields.typeUrl;
  }
  std::vector<Method> methods;
  for (auto& method : byNumber)
    if (method) methods.push_back(*std::move(method));
  return methods;
}

bool namesFields(const FieldPath& path) {
  return std::any_of(path.segments.begin(), path.segments.end(),
                     [](const PathSegment& segment) { return segment.kind == PathSegment::Kind::Name; });
}

// Why `path` leads nowhere in the requests of `method`; empty when it may lead somewhere.
std::string whyNowhere(const Method& method, const FieldPath& path, const Schema& schema) {
  if (const auto* type = messageTypeOf(schema, method.typeUrl, method.name)) {
    const auto leads = checkFieldPath(*type, path);
    return leads ? std::string() : leads.error().message;
  }
  if (!namesFields(path)) return {};
  return "no schema names the fields of " + method.name + ", expected numbers";
}

bool suggests(const std::string& sentence) { return sentence.find("did you mean") != std::string::npos; }

std::string noSuchMethod(const std::string& pattern, const std::vector<Method>& methods) {
  std::vector<std::string> names;
  for (const Method& method : methods) names.push_back(method.name);
  return "no recorded call has this method" + didYouMean(pattern, names);
}

}  // namespace

std::vector<std::string> idleRules(const MatchPolicy& policy, const Recording& recording,
                                   const Schema& schema) {
  std::vector<std::string> found;
  if (policy.ignore.empty() && policy.compareMetadata.empty()) return found;
  const std::vector<Method> methods = methodsOf(recording);
  for (const IgnoreRule& rule : policy.ignore) {
    // Of the first method, or of one that has something near; empty as soon as one has such a path.
    std::optional<std::string> why;
    for (const Method& method : methods) {
      if (!methodMatches(rule.method, method.name)) continue;
      const std::string here = whyNowhere(method, rule.path, schema);
      if (!why || here.empty() || (!suggests(*why) && suggests(here))) why = here;
      if (here.empty()) break;
    }
    if (!why) why = noSuchMethod(rule.method, methods);
    if (!why->empty()) found.push_back("ignore rule \"" + toString(rule) + "\": " + *why);
  }
  for (const MetadataRule& rule : policy.compareMetadata) {
    const bool any = std::any_of(methods.begin(), methods.end(), [&](const Method& method) {
      return methodMatches(rule.method, method.name);
    });
    const std::string name = "metadata rule \"" + toString(rule) + "\": ";
    if (!any)
      found.push_back(name + noSuchMethod(rule.method, methods));
    else if (!recording.hasExtras())
      found.push_back(name + "the recording holds no metadata, so nothing is compared");
  }
  return found;
}

}  // namespace retake
