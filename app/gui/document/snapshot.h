#pragma once

#include <algorithm>
#include <memory>
#include <optional>
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

// The file has grown: what was there is as it was and where it was.
struct AppendedCalls {
  std::uint32_t first = 0;                // index of the first new call; all above it are new
  std::vector<std::uint32_t> grown = {};  // calls before it that got entries, ascending
};

struct SnapshotChange {
  bool file = false;                           // another recording: ids of before mean nothing now
  bool schema = false;                         // the same bytes, read through another schema
  bool calls = false;                          // calls were regrouped: indices and positions may have moved
  bool workspace = false;                      // another policy, address, ...
  std::vector<EntryId> entries = {};           // those that an edit changed
  std::optional<AppendedCalls> appended = {};  // then `calls` is set, and nothing else

  // Whether what is shown of `call` may look different now.
  bool touches(std::optional<std::uint32_t> call) const {
    return !appended || (call && (*call >= appended->first ||
                                  std::binary_search(appended->grown.begin(), appended->grown.end(), *call)));
  }
};

}  // namespace retake::gui
