#pragma once

#include <memory>
#include <vector>

#include "recording/calls.h"
#include "recording/recording.h"
#include "schema/schema.h"
#include "workspace/workspace.h"

namespace retake::gui {

// What the window shows at one moment: values that belong together. Copying shares.
struct Snapshot {
  std::shared_ptr<const Recording> recording;  // never null; empty before a file is open
  std::shared_ptr<const Calls> calls;          // of `recording`
  std::shared_ptr<const Schema> schema;        // never null
  // How the recording is read and served; never null.
  std::shared_ptr<const Workspace> workspace = std::make_shared<const Workspace>();
};

struct SnapshotChange {
  bool file = false;                  // another recording: ids of before mean nothing now
  bool schema = false;                // the same bytes, read through another schema
  bool calls = false;                 // calls were regrouped: indices and positions may have moved
  bool workspace = false;             // another policy, address, ...
  std::vector<EntryId> entries = {};  // those that an edit changed
};

}  // namespace retake::gui
