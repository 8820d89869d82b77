#include "scrub/scrub_edits.h"

#include <QCoreApplication>
#include <algorithm>
#include <functional>

#include "detail/strings.h"
#include "document/document.h"

namespace retake::gui {
namespace {

// The workspace's rules with a change, as one undo step.
void change(Document& document, const QString& step, const std::function<void(ScrubSettings&)>& edit) {
  Workspace workspace = *document.snapshot().workspace;
  edit(workspace.scrub);
  document.pushWorkspace(workspace, step);
}

QString trEdit(const char* text) { return QCoreApplication::translate("ScrubEdits", text); }

QString nameOf(Document& document, std::size_t index) {
  return toQString(document.snapshot().workspace->scrub.rules.at(index).name);
}

}  // namespace

std::string freeRuleName(const ScrubRules& rules, const std::string& name) {
  const auto taken = [&rules](const std::string& wanted) {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const ScrubRule& rule) { return rule.name == wanted; });
  };
  if (!taken(name)) return name;
  for (int number = 2;; ++number)
    if (const std::string numbered = name + " " + std::to_string(number); !taken(numbered)) return numbered;
}

std::size_t addScrubRule(Document& document, ScrubRule rule) {
  const ScrubRules& rules = document.snapshot().workspace->scrub.rules;
  const std::size_t index = rules.size();
  rule.name = freeRuleName(rules, rule.name);
  change(document, trEdit("add rule %1").arg(toQString(rule.name)),
         [&rule](ScrubSettings& scrub) { scrub.rules.push_back(rule); });
  return index;
}

void addScrubRules(Document& document, const ScrubRules& rules, const QString& step) {
  change(document, step, [&rules](ScrubSettings& scrub) {
    for (ScrubRule rule : rules) {
      rule.name = freeRuleName(scrub.rules, rule.name);
      scrub.rules.push_back(std::move(rule));
    }
  });
}

void replaceScrubRule(Document& document, std::size_t index, const ScrubRule& rule) {
  change(document, trEdit("rule %1").arg(toQString(rule.name)),
         [&](ScrubSettings& scrub) { scrub.rules.at(index) = rule; });
}

void duplicateScrubRule(Document& document, std::size_t index) {
  change(document, trEdit("duplicate rule %1").arg(nameOf(document, index)), [index](ScrubSettings& scrub) {
    ScrubRule copy = scrub.rules.at(index);
    copy.name = freeRuleName(scrub.rules, copy.name);
    scrub.rules.insert(scrub.rules.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(copy));
  });
}

void removeScrubRule(Document& document, std::size_t index) {
  change(document, trEdit("delete rule %1").arg(nameOf(document, index)), [index](ScrubSettings& scrub) {
    scrub.rules.erase(scrub.rules.begin() + static_cast<std::ptrdiff_t>(index));
  });
}

void moveScrubRule(Document& document, std::size_t from, std::size_t to) {
  change(document, trEdit("move rule %1").arg(nameOf(document, from)), [from, to](ScrubSettings& scrub) {
    const auto at = scrub.rules.begin();
    const auto a = static_cast<std::ptrdiff_t>(from);
    const auto b = static_cast<std::ptrdiff_t>(to);
    if (a < b)
      std::rotate(at + a, at + a + 1, at + b + 1);
    else
      std::rotate(at + b, at + a, at + a + 1);
  });
}

void setScrubRuleOn(Document& document, std::size_t index, bool on) {
  change(document, (on ? trEdit("rule %1 on") : trEdit("rule %1 off")).arg(nameOf(document, index)),
         [index, on](ScrubSettings& scrub) { scrub.rules.at(index).on = on; });
}

void setScrubOn(Document& document, bool on) {
  change(document, on ? trEdit("scrub rules on") : trEdit("scrub rules off"),
         [on](ScrubSettings& scrub) { scrub.on = on; });
}

void setScrubKeyFile(Document& document, const QString& path) {
  change(document, trEdit("scrub key"), [&path](ScrubSettings& scrub) {
    scrub.keyFile = toUtf8(path);
    if (!path.isEmpty()) scrub.keyVariable.clear();
  });
}

void setScrubKeyVariable(Document& document, const QString& name) {
  change(document, trEdit("scrub key"), [&name](ScrubSettings& scrub) {
    scrub.keyVariable = toUtf8(name);
    if (!name.isEmpty()) scrub.keyFile.clear();
  });
}

void linkRuleFile(Document& document, const QString& path) {
  change(document, trEdit("rules of %1").arg(path.section(u'/', -1)), [&path](ScrubSettings& scrub) {
    auto& files = scrub.ruleFiles;
    if (std::find(files.begin(), files.end(), toUtf8(path)) == files.end()) files.push_back(toUtf8(path));
  });
}

void unlinkRuleFile(Document& document, const QString& path) {
  change(document, trEdit("without the rules of %1").arg(path.section(u'/', -1)),
         [&path](ScrubSettings& scrub) { std::erase(scrub.ruleFiles, toUtf8(path)); });
}

}  // namespace retake::gui
