#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "document/snapshot.h"
#include "scrub/scrubber.h"

namespace retake::gui {

// The rules of a workspace and of the files that it names, ready to be applied. A rule with an error is left
// out, and the others apply; what writes a recording refuses then.
struct ScrubLayer {
  ScrubRules rules;                          // in the order in which they apply
  std::vector<QString> files;                // by rule: the file that it stands in; empty: the workspace
  std::vector<QString> errors;               // by rule; empty: none
  std::vector<bool> widerLive;               // by rule: live calls do not tell whether they are in its scope
  QString keyError;                          // why the key that is named could not be read
  QString fileError;                         // why a file of rules could not be read, a line each
  std::shared_ptr<const Scrubber> scrubber;  // of the rules that are on; null where there is none
  std::vector<std::uint32_t> ruleOf;         // by rule of the scrubber: which of `rules` that is

  // What is wrong with it, a sentence; empty where all rules that are on apply.
  QString whyNotWhole() const;
};

// A rule as it is being typed, which the workspace does not have yet.
struct ScrubDraft {
  std::optional<std::size_t>
      index;  // of the workspace's rule that it stands for; none: a new one, behind them
  ScrubRule rule;
  bool operator==(const ScrubDraft&) const = default;
};

// Called on any thread; reads the files of rules and key.
ScrubLayer makeScrubLayer(const ScrubSettings& settings, const std::optional<ScrubDraft>& draft,
                          const std::shared_ptr<const Schema>& schema);

// Why it cannot be a rule, whatever the recording and its schema: empty where it can.
QString whyNoRule(const ScrubRule& rule);

}  // namespace retake::gui
