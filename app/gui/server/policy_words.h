#pragma once

#include <QString>
#include <QStringList>

#include "workspace/workspace.h"

// How a recording is served, in words: for the bar, the log and undo steps.
namespace retake::gui {

inline constexpr auto kDefaultAddress = "127.0.0.1:0";

// Where it is listened; without an endpoint in the workspace: any free port of this machine.
std::vector<Workspace::Listen> endpointsOf(const Workspace& workspace);
// Its inverse. The endpoint of a fresh workspace needs not be said.
void setEndpointsOf(Workspace& workspace, std::vector<Workspace::Listen> endpoints);

// "fail the call", "repeat the last", "start again".
QString reuseWords(Reuse reuse);
// "recorded × 2", "causal".
QString paceWords(const PacePolicy& pace);
// "new_episodes" and what it means, in a sentence.
QString recordModeTitle(RecordMode mode);
QString recordModeSentence(RecordMode mode);
// What is not as a fresh workspace has it, a few words each; empty where all is.
QStringList policyWords(const Workspace& workspace);
// What `after` has that `before` has not, in one line: "when used up: repeat the last; 2 ignore rules".
QString changeWords(const Workspace& before, const Workspace& after);

}  // namespace retake::gui
