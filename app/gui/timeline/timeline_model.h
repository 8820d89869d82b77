#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <memory>
#include <vector>

#include "calls/call_rows.h"
#include "calls/used_calls.h"
#include "document/document.h"
#include "timeline/lane_use.h"
#include "timeline/lanes.h"
#include "timeline/minimap_density.h"

namespace retake::gui {

// What timeline and minimap show: the document's calls in lanes. An edit changes the marks of its
// calls alone; another recording is arranged anew, away from the GUI thread when it is long.
class TimelineModel : public QObject {
  Q_OBJECT
 public:
  // About 20 ms of work on a slow machine; below that, a thread would only make the window flicker.
  static constexpr std::uint32_t kMostEntriesAtOnce = 200'000;

  TimelineModel(Document& document, CallRows& rows, QObject* parent = nullptr);

  const Lanes* lanes() const { return m_built ? m_built->lanes.get() : nullptr; }  // null: nothing to show
  const MinimapDensity& density() const;
  // When the entries of lanes() happened; null where the recording does not say.
  const std::shared_ptr<const EntryTimes>& times() const;
  // Whether time is the axis: as it was asked for, where there are times.
  bool isByTime() const { return m_byTime && times(); }
  void setByTime(bool byTime);
  // Marks what `used` has, which outlives this.
  void showUse(const UsedCalls& used);
  const LaneUse& use() const { return m_use; }  // of lanes()
  bool isBuilding() const { return m_building; }
  // While rebuilt() is emitted: lanes() has what the one before had, and more at the end.
  bool hasGrown() const { return m_grown; }

 signals:
  void rebuilt();  // lanes() is another, or null; or building began; or time is the axis, or no longer
  void lanesChanged(const std::vector<std::uint32_t>& lanes);  // marks of calls in them

 private:
  struct Built {
    std::unique_ptr<Lanes> lanes;
    std::shared_ptr<const EntryTimes> times;
    bool byTime = false;  // density is
    MinimapDensity density;
  };
  void onDocumentChanged(const SnapshotChange& change);
  void onRowsChanged();
  void build();
  void makeDensity();
  void take(std::shared_ptr<Built> built);
  void update(const std::vector<EntryId>& entries);
  bool filterLanes();
  void emitAllChanged();

  Document& m_document;
  CallRows& m_rows;
  const UsedCalls* m_used = nullptr;
  LaneUse m_use;
  std::shared_ptr<Built> m_built;
  QFutureWatcher<std::shared_ptr<Built>> m_watcher;
  bool m_building = false;
  bool m_byTime = false;
  bool m_grown = false;  // since the last build began, and nothing else happened
  bool m_again = false;  // the file has grown while building
  bool m_filtered = false;
  std::vector<EntryId> m_pending;  // edited while building
};

}  // namespace retake::gui
