#pragma once

#include <QString>

#include "document/snapshot.h"
#include "match/policy.h"

namespace retake::gui {

// Why the rule has no effect on this recording: no such method, a path that leads nowhere; in one sentence.
// Empty when it has one, as far as recording and schema tell.
QString whyNoEffect(const Snapshot& snapshot, const IgnoreRule& rule);
QString whyNoEffect(const Snapshot& snapshot, const MetadataRule& rule);

}  // namespace retake::gui
