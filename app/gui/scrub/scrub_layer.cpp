#include "scrub/scrub_layer.h"

#include <set>

#include "detail/strings.h"

namespace retake::gui {

QString ScrubLayer::whyNotWhole() const {
  if (!fileError.isEmpty()) return fileError;
  for (std::size_t i = 0; i < errors.size(); ++i)
    if (rules[i].on && !errors[i].isEmpty()) return errors[i];
  return {};
}

ScrubLayer makeScrubLayer(const ScrubSettings& settings, const std::optional<ScrubDraft>& draft,
                          const std::shared_ptr<const Schema>& schema) {
  ScrubLayer layer;
  layer.rules = settings.rules;
  if (draft && !draft->index)
    layer.rules.push_back(draft->rule);
  else if (draft && *draft->index < layer.rules.size())
    layer.rules[*draft->index] = draft->rule;
  layer.files.resize(layer.rules.size());
  for (const std::string& file : settings.ruleFiles) {
    const auto read = readScrubRules(file);
    if (!read) {
      if (!layer.fileError.isEmpty()) layer.fileError += u'\n';
      layer.fileError += toQString(read.error().message);
      continue;
    }
    layer.rules.insert(layer.rules.end(), read->begin(), read->end());
    layer.files.resize(layer.rules.size(), toQString(file));
  }

  const auto named = keyOf(settings);
  if (!named) layer.keyError = toQString(named.error().message);
  const ScrubKey* key = named && *named ? &**named : nullptr;
  layer.errors.resize(layer.rules.size());
  layer.widerLive.resize(layer.rules.size());
  ScrubRules good;
  std::set<std::string> names;
  for (std::size_t i = 0; i < layer.rules.size(); ++i) {
    const ScrubRule& rule = layer.rules[i];
    const auto alone = Scrubber::create({rule}, schema, key);
    if (!alone)
      layer.errors[i] = toQString(alone.error().message);
    else if (!names.insert(rule.name).second)
      layer.errors[i] = QStringLiteral("rule \"%1\": there is another one of that name before it")
                            .arg(toQString(rule.name));
    if (!layer.errors[i].isEmpty()) continue;
    layer.widerLive[i] = !(*alone)->rulesWithoutLiveScope().empty();
    if (!rule.on) continue;
    good.push_back(rule);
    layer.ruleOf.push_back(static_cast<std::uint32_t>(i));
  }
  if (good.empty()) return layer;
  auto scrubber = Scrubber::create(good, schema, key);
  if (scrubber)
    layer.scrubber = *std::move(scrubber);
  else
    layer.fileError = toQString(scrubber.error().message);
  return layer;
}

QString whyNoRule(const ScrubRule& rule) {
  if (rule.name.empty()) return QStringLiteral("A rule needs a name");
  const auto parsed = parseScrubRules(printScrubRules({rule}));
  return parsed ? QString() : toQString(parsed.error().message);
}

}  // namespace retake::gui
