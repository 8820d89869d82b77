#pragma once

#include <memory>
#include <vector>

#include "recording/calls.h"
#include "recording/recording.h"
#include "schema/schema.h"

namespace retake::gui {

// What the window shows at one moment: values that belong together. Copying shares.
struct Snapshot {
  std::shared_ptr<const Recording> recording;  // never null; empty before a file is open
  std::shared_ptr<const Calls> calls;          // of `recording`
  std::shared_ptr<const Schema> schema;        // never null
};

struct SnapshotChange {
  bool file = false;                  // another recording: ids of before mean nothing now
  bool schema = false;                // the same bytes, read through another schema
  bool calls = false;                 // calls were regrouped: indices and positions may have moved
  std::vector<EntryId> entries = {};  // those that an edit changed
};

}  // namespace retake::gui
