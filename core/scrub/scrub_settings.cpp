#include "scrub/scrub_settings.h"

#include <map>

namespace retake {

Result<ScrubRules> allRules(const ScrubSettings& settings) {
  ScrubRules rules = settings.rules;
  std::string wrong;
  const auto complain = [&](const std::string& sentences) {
    wrong += (wrong.empty() ? "" : "\n") + sentences;
  };
  std::map<std::string, std::string> origins;
  for (const ScrubRule& rule : rules) origins.emplace(rule.name, "the workspace");
  for (const std::string& file : settings.ruleFiles) {
    const auto read = readScrubRules(file);
    if (!read) {
      complain(read.error().message);
      continue;
    }
    for (const ScrubRule& rule : *read) {
      const auto [origin, isNew] = origins.emplace(rule.name, file);
      if (!isNew)
        complain(file + ": rule \"" + rule.name +
                 "\": expected a name that no rule before has, found it in " + origin->second);
      rules.push_back(rule);
    }
  }
  if (!wrong.empty()) return Error{wrong};
  return rules;
}

Result<std::optional<ScrubKey>> keyOf(const ScrubSettings& settings) {
  if (settings.keyFile.empty() && settings.keyVariable.empty()) return std::optional<ScrubKey>();
  auto key = settings.keyFile.empty() ? ScrubKey::fromEnvironment(settings.keyVariable)
                                      : ScrubKey::fromFile(settings.keyFile);
  if (!key) return key.error();
  return std::optional<ScrubKey>(*std::move(key));
}

}  // namespace retake
