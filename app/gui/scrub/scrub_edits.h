#pragma once

#include <QString>
#include <QStringList>

#include "scrub/rule.h"
#include "workspace/workspace.h"

namespace retake::gui {

class Document;

// Changes of the rules of the open recording's workspace, each one undo step.

// Behind all others, with a name that is not among them yet; gives its index.
std::size_t addScrubRule(Document& document, ScrubRule rule);
// Several at once, as one step of that name.
void addScrubRules(Document& document, const ScrubRules& rules, const QString& step);
void replaceScrubRule(Document& document, std::size_t index, const ScrubRule& rule);
void duplicateScrubRule(Document& document, std::size_t index);  // right behind it
void removeScrubRule(Document& document, std::size_t index);
void moveScrubRule(Document& document, std::size_t from, std::size_t to);  // to where `to` stands now
void setScrubRuleOn(Document& document, std::size_t index, bool on);
void setScrubOn(Document& document, bool on);
void setScrubKeyFile(Document& document, const QString& path);
void setScrubKeyVariable(Document& document, const QString& name);
// Rules of a file that stay in it, and count in all workspaces that name it.
void linkRuleFile(Document& document, const QString& path);
void unlinkRuleFile(Document& document, const QString& path);

// `name`, or with a number behind it, where a rule has that name already.
std::string freeRuleName(const ScrubRules& rules, const std::string& name);

}  // namespace retake::gui
