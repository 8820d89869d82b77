#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "filter/call_filter.h"
#include "scrub/newest.h"
#include "scrub/scrub_layer.h"
#include "scrub/scrub_recording.h"

namespace retake::gui {

class Document;

// What the rules of a layer do to a recording.
struct ScrubCounts {
  ScrubRules rules;                       // what was counted
  std::vector<ScrubReport::Rule> byRule;  // by rule of it; none of those that were off
  std::vector<std::uint32_t> byCall;      // values hit, by call index; empty where nothing is
  std::uint64_t hits = 0;                 // values
  std::uint64_t calls = 0;                // that have one
  QString error;                          // why nothing was counted
};

// The scrub rules of the open recording, as a layer over it: what each message looks like with them, and how
// much they hit. Lives on the GUI thread; rules are made ready and hits are counted elsewhere, newest wins.
// Changes nothing itself: rules are changed in the workspace (scrub_edits.h), and come back from there.
class ScrubController : public QObject {
  Q_OBJECT
 public:
  explicit ScrubController(Document& document, QObject* parent = nullptr);
  ~ScrubController() override;

  // Whether rules are shown over the recording, and applied to live calls.
  bool isOn() const;
  // What is shown over the recording; null where nothing is: off, no rule that is on, or not ready yet.
  std::shared_ptr<const Scrubber> scrubber() const;
  // What the scrubber does to an entry; empty where that is nothing. `rule` is an index into rules(), not
  // into the scrubber's. Decodes the entry: for what is looked at, not for all.
  std::vector<ScrubHit> hitsOf(EntryId entry) const;
  // The entry's bytes as the rules make them (an Entry message); nothing where they change nothing.
  std::optional<std::string> scrubbed(EntryId entry) const;
  std::optional<std::string> scrubbedInitialState() const;
  // Values hit in a call, by its index: a number for lists. 0 also where it is not known yet, or off.
  std::uint32_t hitsOfCall(std::uint32_t call) const;

  // All rules in the order in which they apply: those of the workspace, with the draft, then those of its
  // files. A rule that was just changed is here at once, and in the layer a moment later.
  const ScrubRules& rules() const { return m_rules; }
  std::size_t ownRules() const { return m_own; }  // the first so many can be changed
  QString nameOf(std::uint32_t rule) const;
  const ScrubLayer& layer() const { return m_layer; }
  bool isLayerCurrent() const { return !m_making.isRunning(); }
  // Null before the first count. Stays until the next one is there: see countOf.
  const std::shared_ptr<const ScrubCounts>& counts() const { return m_counts; }
  // Of the rule as it is now; null where that was not counted yet, or is off.
  const ScrubReport::Rule* countOf(std::size_t rule) const;
  bool isCounting() const { return m_counting.isRunning() || m_due.isActive() || m_making.isRunning(); }

  // Shown and counted as if it were in the workspace. A draft ends with the file, and where it is committed.
  void setDraft(const std::optional<ScrubDraft>& draft);
  const std::optional<ScrubDraft>& draft() const { return m_draft; }
  // The workspace gets it, as one undo step.
  void commitDraft();

  FilterInput input() const;
  // Reads the files of rules and key again.
  void reload();

 signals:
  // rules(), ownRules(), isOn(): at once.
  void rulesChanged();
  // scrubber(), hitsOf(), layer(): what is looked at may look otherwise.
  void layerChanged();
  // counts(), hitsOfCall(), isCounting().
  void countsChanged();

 private:
  void documentChanged(const SnapshotChange& change);
  void gatherRules();
  void makeLayer();
  void countSoon();
  void count();

  Document& m_document;
  std::optional<ScrubDraft> m_draft;
  ScrubRules m_rules;
  std::size_t m_own = 0;
  ScrubSettings m_settings;  // of the workspace, when the rules were gathered last
  ScrubLayer m_layer;
  std::shared_ptr<const ScrubCounts> m_counts;
  QTimer m_due;          // waits until typing and undoing pause
  QThreadPool m_makers;  // one thread of its own: a long count must not keep a toggled rule from being shown
  Newest<std::shared_ptr<const ScrubLayer>> m_making;
  Newest<std::shared_ptr<const ScrubCounts>> m_counting;
};

}  // namespace retake::gui
