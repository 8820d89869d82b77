#pragma once

#include <QStringList>
#include <memory>
#include <string>

#include "base/result.h"
#include "record/recorder.h"
#include "replay/event.h"
#include "replay/record_mode.h"
#include "schema/schema.h"
#include "scrub/scrubber.h"
#include "serve/replay_server.h"
#include "workspace/workspace.h"

namespace retake::gui {

// What a person has chosen to be recorded.
struct RecordSettings {
  std::string path;         // of the file; absolute
  Workspace workspace;      // the service, endpoints, mode, rules; kept beside the file
  bool asksService = true;  // for its types, where isToBeAsked()
};

// As it is understood where nothing was chosen, or `once` was.
RecordMode recordModeOf(const Workspace& workspace, bool hasFile);

// Whether the service is the one that knows the types: no place is named, or what a service said before.
bool isToBeAsked(const Workspace& workspace);

// Beside "calls.replay": what its service said of its types.
std::string askedSchemaPathOf(const std::string& recordingPath);

struct StartedRecording {
  std::unique_ptr<ReplayServer> server;
  std::shared_ptr<Recorder> recorder;
  Workspace workspace;
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const Scrubber> rules;  // null: none are on
  bool hadFile = false;
  QStringList addresses;
  QStringList warnings;
  QStringList notes;  // what else a person should know, a sentence each
};

// Opens the service, the rules, the endpoints and the file, in an order in which a mistake costs no
// recording, and has the server record. Blocks, while the service is asked for its types some seconds. `told`
// has what the recorder calls back. On an Error the file is as it was.
Result<StartedRecording> startRecording(const RecordSettings& settings, ReplayLog log, RecorderOptions told);

}  // namespace retake::gui
