#pragma once

#include <QStringList>
#include <vector>

#include "base/result.h"
#include "workspace/workspace.h"

namespace retake {
class ReplayServer;
}

namespace retake::gui {

// Opens `endpoints`, and gives their addresses with the ports that were taken. A client keeps its address
// from one start to the next: `again` has for each endpoint where it was before, as far as nobody else took
// the port meanwhile; empty: it was not.
Result<QStringList> listenOn(ReplayServer& server, const std::vector<Workspace::Listen>& endpoints,
                             const QStringList& again = {});

// What a person should know of them, a sentence each.
QStringList warningsOf(const ReplayServer& server);

}  // namespace retake::gui
