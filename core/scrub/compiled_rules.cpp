#include "scrub/compiled_rules.h"

#include <re2/re2.h>

#include <algorithm>

#include "recording/status.h"
#include "scrub/rule_paths.h"

namespace retake {
namespace {

namespace pb = google::protobuf;
using Place = ScrubWhere::Place;
using Action = ScrubAction::Kind;

Error about(const ScrubRule& rule, const std::string& what) {
  return Error{"scrub rule \"" + rule.name + "\": " + what};
}

RE2::Options patternOptions() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(16 << 20);
  return options;
}

bool isChangedAgain(const ScrubAction& action) {
  if (action.kind == Action::ShiftTime) return true;
  if (action.kind != Action::Fake) return false;
  return action.fake != FakeKind::Email && action.fake != FakeKind::Name && action.fake != FakeKind::Uuid &&
         action.fake != FakeKind::IpAddress;
}

bool isSendable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// The last segment that JSON can come by, by name; nothing where a number or any field will do.
std::optional<std::string> nameInJson(const FieldPath& path) {
  const PathSegment& last = path.segments.back();
  if (last.key) return last.key;
  if (last.kind == PathSegment::Kind::Name) return last.name;
  return std::nullopt;
}

std::optional<Error> compilePlace(CompiledRule& out, const Schema& schema, TextPrefilter& prefilter) {
  const ScrubWhere& where = out.rule.where;
  switch (where.place) {
    case Place::Field: {
      auto path = parseFieldPath(where.path);
      if (!path) return about(out.rule, path.error().message);
      // Paths lead into messages, and into the status of a call that failed.
      if (const std::string why = whyLeadsNowhere(out.rule, schema);
          !why.empty() && !checkFieldPath(*schema.message(kStatusType), *path))
        return about(out.rule, why);
      if (const auto name = nameInJson(*path)) out.nameNumber = prefilter.addLiteral(*name);
      out.path = FieldPathSet({*std::move(path)});
      return std::nullopt;
    }
    case Place::MessageType:
      if (where.path.empty())
        return about(out.rule, "expected the full name of a message type, found nothing");
      if (const std::string why = whyLeadsNowhere(out.rule, schema); !why.empty())
        return about(out.rule, why);
      out.nameNumber = prefilter.addLiteral(where.path);
      return std::nullopt;
    case Place::MetadataKey:
      if (where.path.empty()) return about(out.rule, "expected a key of metadata or \"*\", found nothing");
      if (out.rule.action.kind == Action::Replace && !where.path.ends_with("-bin") &&
          !isSendable(out.rule.action.with))
        return about(out.rule, "expected printable ASCII to replace a value of metadata, found other text");
      if (where.path != "*") out.nameNumber = prefilter.addLiteral(where.path);
      return std::nullopt;
    case Place::AnyText:
      if (!out.pattern) return about(out.rule, "expected a pattern, a path or a place, found none");
      return std::nullopt;
    case Place::AnyString:
    case Place::AnyBytes:
    case Place::InitialState:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Result<CompiledRules> CompiledRules::compile(const ScrubRules& rules, std::shared_ptr<const Schema> schema,
                                             const ScrubKey* key) {
  CompiledRules out;
  out.all = rules;
  out.schema = std::move(schema);
  out.anyNumber = out.prefilter.addPattern("/[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_]");
  for (const ScrubRule& rule : rules) {
    auto actor = ScrubActor::create(rule.action, key);
    if (!actor) return about(rule, actor.error().message);
    CompiledRule compiled{.rule = rule, .actor = *std::move(actor)};
    auto scope = Query::parse(rule.scope);
    if (!scope) return about(rule, "scope: " + scope.error().message);
    compiled.scope = *std::move(scope);
    if (!rule.where.pattern.empty()) {
      auto pattern = std::make_shared<RE2>(rule.where.pattern, patternOptions());
      if (!pattern->ok())
        return about(rule, "pattern \"" + rule.where.pattern +
                               "\": expected a regular expression (RE2), found " + pattern->error());
      compiled.pattern = std::move(pattern);
    }
    TextPrefilter unused;
    TextPrefilter& prefilter = rule.on ? out.prefilter : unused;
    if (compiled.pattern) compiled.patternNumber = prefilter.addPattern(rule.where.pattern);
    if (auto error = compilePlace(compiled, *out.schema, prefilter)) return *std::move(error);
    compiled.changesOwnTexts = isChangedAgain(rule.action);
    compiled.changesOwnNumbers = rule.action.kind == Action::Hash || rule.action.kind == Action::Fake ||
                                 rule.action.kind == Action::ShiftTime;
    out.rules.emplace_back();
    if (rule.on) out.rules.back() = std::move(compiled);
  }
  out.prefilter.finish();
  return out;
}

}  // namespace retake
