#pragma once

#include <QString>
#include <memory>
#include <string>
#include <vector>

#include "document/snapshot.h"
#include "format/format.h"
#include "scrub/find_secrets.h"
#include "scrub/scrub_layer.h"
#include "scrub/scrub_recording.h"

// What the scrub pane does off the GUI thread. All of it pure but writeCopy; called on any thread.
namespace retake::gui {

// Finds that one rule takes out.
struct FindGroup {
  SecretFind first;
  QString kind;                      // the detector's name
  bool isSecret = true;              // false: personal data
  ScrubRule rule;                    // that takes them out
  std::uint64_t count = 0;           // finds
  std::vector<SecretFind> examples;  // the first few, of different values
  std::uint64_t distinct = 0;
};
struct FoundSecrets {
  std::vector<FindGroup> groups;  // secrets first, then personal data; most finds first
  std::uint64_t count = 0;
  bool stopped = false;
  QString error;
};
std::vector<FindGroup> groupFinds(const SecretFinds& finds, const Task& task = {});
FoundSecrets lookForSecrets(const FilterInput& input, const Task& task = {});
// Which of the layer's rules change what was found, by group; -1: none does, or not all of the examples.
std::vector<int> coveringRules(const FilterInput& input, const ScrubLayer& layer,
                               const std::vector<FindGroup>& groups, const Task& task = {});

// What is left of secrets when the rules have been applied.
struct LeftReport {
  std::vector<LeftSecrets::Value> values;
  std::vector<LeftSecrets::Value> shortValues;
  FoundSecrets finds;
  QString inRules;  // a rule that itself has such a value in it; empty: none
  QString error;
  bool stopped = false;
  bool isClean() const {
    return error.isEmpty() && !stopped && values.empty() && finds.groups.empty() && inRules.isEmpty();
  }
  std::size_t count() const;
};
// The recording as the layer makes it, and what is left in it.
struct ScrubbedCopy {
  std::shared_ptr<const Recording> recording;  // null with an error, or stopped
  ScrubReport report;
  std::uint64_t hits = 0;
  QString error;
  bool stopped = false;
};
ScrubbedCopy scrubAll(const FilterInput& input, const ScrubLayer& layer, bool mark, const Task& task = {});
// `opened`: as the recording was before rules were applied to it; what stood there must not be left either.
LeftReport lookForWhatIsLeft(const FilterInput& input, const FilterInput& opened, const ScrubLayer& layer,
                             const ScrubbedCopy& copy, const Workspace* rules, const Task& task = {});

// A recording, and its workspace beside it where one is given. Empty, or why it could not be written.
QString writeCopy(const Recording& recording, const Format& format, const std::string& path,
                  const Workspace* workspace, const Task& task = {});

// "request of shop.Cart/Add, user.email", "metadata authorization": where a find or value stands.
QString placeOf(const Snapshot& snapshot, EntryId entry, ScrubHit::In in, const std::string& path);

}  // namespace retake::gui
