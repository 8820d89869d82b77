#include "schema/suggest.h"

#include <algorithm>

#include "schema/text.h"

namespace retake {

// What is nearest to `name`, if it is near enough to be meant.
std::string didYouMean(std::string_view name, const std::vector<std::string>& all) {
  if (name.size() > 64) return {};
  const std::string* best = nullptr;
  std::size_t bestDistance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : all) {
    if (candidate.size() > 128) continue;
    const std::size_t distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = &candidate;
    }
  }
  return best ? "; did you mean \"" + *best + "\"?" : std::string();
}

// "a, b, c and 4 more".
std::string someOf(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 6;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text;
}

std::string withArticle(std::string_view type) {
  const bool vowel = type.starts_with("int") || type.starts_with("enum");
  return (vowel ? "an " : "a ") + std::string(type);
}

}  // namespace retake
