#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "scrub/detect/text_finder.h"
#include "scrub/find_secrets.h"

namespace retake {
namespace {

// "a.b[2].c" covers every element as "a.b[*].c". Keys of maps stay: they say what the value is.
std::string anyElement(std::string_view path) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    if (path[i] == '\\' && quoted && i + 1 < path.size()) {
      out += path[++i];
    } else if (path[i] == '"') {
      quoted = !quoted;
    } else if (path[i] == '[' && !quoted) {
      std::size_t end = i + 1;
      while (end < path.size() && path[end] >= '0' && path[end] <= '9') ++end;
      if (end == i + 1 || end == path.size() || path[end] != ']') continue;
      out += '*';
      i = end - 1;
    }
  }
  return out;
}

// The pattern of the shape that finds the value on its own, where it takes nothing else besides: what a
// checksum tells apart, a pattern does not.
std::string patternOf(const SecretFind& find) {
  if (find.detector == "card-number" || find.detector == "national-id" || find.detector == "phone" ||
      find.detector == "high-entropy" || find.detector == "ip-address")
    return {};
  for (const TextFind& again : TextFinder::get().find(find.value, {}, DetectorSet().set()))
    if (again.shape && again.at == 0 && again.size == find.value.size() &&
        again.shape->detector == find.detector)
      return std::string(again.shape->pattern);
  // What is known by what stands before it.
  for (const auto& shapes : {tokenShapes(), credentialShapes()})
    for (const Shape& shape : shapes)
      if (shape.detector == find.detector) return std::string(shape.pattern);
  return {};
}

std::string nameFor(std::string base, const ScrubRules& rules) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(rules.begin(), rules.end(), [&](const ScrubRule& rule) { return rule.name == name; });
  };
  std::string name = base;
  for (int number = 2; taken(name); ++number) name = base + ' ' + std::to_string(number);
  return name;
}

}  // namespace

ScrubRule ruleFor(const SecretFind& find, const ScrubRules& rules) {
  ScrubRule rule;
  const std::size_t index = detectorIndex(find.detector);
  const std::string what(index < kMaxDetectors ? secretDetectors()[index].name : find.detector);
  const bool byField = find.detector == "secret-field" || find.detector == "marked-field";
  const bool inMetadata = find.in == ScrubHit::In::Headers || find.in == ScrubHit::In::Trailers;
  const bool inState = find.in == ScrubHit::In::InitialState;
  const std::string pattern = byField ? std::string() : patternOf(find);
  if (inMetadata && (find.whole || pattern.empty()) && !find.path.empty()) {
    rule.name = nameFor(find.path, rules);
    rule.where = {.place = ScrubWhere::Place::MetadataKey, .path = find.path};
    return rule;
  }
  // Never the value itself: rules are kept in git, and shared.
  if (pattern.empty() && !find.path.empty()) {
    // What a state holds is in no schema: a path that is would lead nowhere.
    const std::string path = anyElement(find.path);
    rule.name = nameFor(byField ? path : what + " in " + path, rules);
    rule.where = {.place = ScrubWhere::Place::Field, .path = (inState ? "**." : "") + path};
    if (find.in == ScrubHit::In::Status) rule.scope = "error";
    return rule;
  }
  if (pattern.empty() && inState) {
    rule.name = nameFor("initial state", rules);
    rule.where = {.place = ScrubWhere::Place::InitialState};
    return rule;
  }
  rule.name = nameFor(what, rules);
  rule.where.pattern = pattern.empty() ? RE2::QuoteMeta(find.value) : pattern;
  return rule;
}

}  // namespace retake
