#pragma once

#include <QString>
#include <optional>
#include <span>
#include <vector>

#include "document/snapshot.h"
#include "edit/edit.h"
#include "explain/explanation.h"

// What can be done about a miss, each as one undo step: edits of the recording, or another workspace. Pure:
// Document::pushAll() does it.
namespace retake::gui {

struct Remedy {
  QString label;    // of the button
  QString toolTip;  // exactly what will change; or why it cannot be
  QString name;     // of the undo step
  QString said;     // what was done, in a sentence
  std::vector<Edit> edits = {};
  std::optional<Workspace> workspace = {};
  bool addsCall = false;
  // What answers from now on is the nearest call, and once: if that has been used, when that is reset.
  bool answersOnce = false;
  bool possible() const { return !edits.empty() || workspace.has_value(); }
};

// The rule that leaves this field out.
IgnoreRule ruleOf(const Explanation& explanation, const Difference& difference);
bool isIgnored(const Workspace& workspace, const IgnoreRule& rule);

// These of NearCall::differences are not compared any more.
Remedy ignoreFields(const Snapshot& snapshot, const Explanation& explanation,
                    const std::vector<std::size_t>& differences);
// The nearest call's message becomes the one that the client sent.
Remedy answerWithThis(const Snapshot& snapshot, const Explanation& explanation);
// A copy of callToLookAt() that answers what the client sent; without one, a new call with an empty answer.
Remedy addAsCall(const Snapshot& snapshot, const Explanation& explanation);
// Equal calls that are used up answer once more.
Remedy repeatTheLast(const Snapshot& snapshot, const Explanation& explanation);

}  // namespace retake::gui
