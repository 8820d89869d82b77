#include "scrub/rule_library.h"

#include <cassert>

#include "schema/text_format.h"

namespace retake {

// Made by embed.cmake from resources/rules.
std::string_view credentialsRulesText();
std::string_view personalRulesText();
std::string_view identifiersRulesText();
std::string_view timesRulesText();
std::string_view all_textRulesText();

namespace {

// The file begins with a comment: its first line is the title, the rest the description.
RuleSet setOf(std::string_view id, std::string_view text) {
  RuleSet set{.id = id, .text = text};
  const std::string comment = leadingComment(text);
  for (std::size_t at = 0; at < comment.size();) {
    const std::size_t end = comment.find('\n', at);
    std::string line = comment.substr(at, end - at);
    line.erase(0, line.starts_with("# ") ? 2 : 1);
    if (at == 0)
      set.title = line;
    else
      set.description += (set.description.empty() ? "" : " ") + line;
    at = end + 1;
  }
  auto rules = parseScrubRules(text);
  assert(rules);  // a test reads each
  if (rules) set.rules = *std::move(rules);
  return set;
}

}  // namespace

const std::vector<RuleSet>& ruleLibrary() {
  static const std::vector<RuleSet> library = {
      setOf("credentials", credentialsRulesText()), setOf("personal", personalRulesText()),
      setOf("identifiers", identifiersRulesText()), setOf("times", timesRulesText()),
      setOf("all_text", all_textRulesText())};
  return library;
}

const RuleSet* ruleSet(std::string_view id) {
  for (const RuleSet& set : ruleLibrary())
    if (set.id == id) return &set;
  return nullptr;
}

}  // namespace retake
