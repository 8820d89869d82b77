#include "scrub/open_scrubber.h"

#include <algorithm>
#include <utility>

namespace retake {

Result<std::shared_ptr<const Scrubber>> openScrubber(const ScrubSettings& settings,
                                                     std::shared_ptr<const Schema> schema) {
  if (!settings.on) return std::shared_ptr<const Scrubber>();
  const auto rules = allRules(settings);
  if (!rules) return rules.error();
  if (std::none_of(rules->begin(), rules->end(), [](const ScrubRule& rule) { return rule.on; }))
    return std::shared_ptr<const Scrubber>();
  const auto key = keyOf(settings);
  if (!key) return key.error();
  return Scrubber::create(*rules, std::move(schema), *key ? &**key : nullptr);
}

}  // namespace retake
