#include "timeline/timeline_model.h"

#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>

namespace retake::gui {

TimelineModel::TimelineModel(Document& document, CallRows& rows, QObject* parent)
    : QObject(parent), m_document(document), m_rows(rows) {
  connect(&document, &Document::changed, this, &TimelineModel::onDocumentChanged);
  connect(&rows, &CallRows::changed, this, &TimelineModel::onRowsChanged);
  connect(&m_watcher, &QFutureWatcher<std::shared_ptr<Built>>::finished, this, [this] {
    if (m_building) take(m_watcher.result());  // else a shorter file was opened meanwhile
  });
  build();
}

const MinimapDensity& TimelineModel::density() const {
  static const MinimapDensity kNone;
  return m_built ? m_built->density : kNone;
}

const std::shared_ptr<const EntryTimes>& TimelineModel::times() const {
  static const std::shared_ptr<const EntryTimes> kNone;
  return m_built ? m_built->times : kNone;
}

void TimelineModel::setByTime(bool byTime) {
  if (byTime == m_byTime) return;
  m_byTime = byTime;
  m_grown = false;
  if (m_built) makeDensity();
  emit rebuilt();
}

void TimelineModel::makeDensity() {
  m_built->density = MinimapDensity(*m_built->lanes, isByTime() ? m_built->times : nullptr);
}

void TimelineModel::onDocumentChanged(const SnapshotChange& change) {
  if (change.file) {  // what is shown otherwise stays until the new one is there
    m_built = nullptr;
    m_use.clear();
  }
  if (change.appended && m_building) {
    m_again = true;  // one after the other: each for itself would be thrown away by the next
  } else if (change.file || change.calls) {
    m_grown = change.appended && m_built;
    build();
  } else if (m_building) {
    m_pending.insert(m_pending.end(), change.entries.begin(), change.entries.end());
  } else if (m_built && !change.entries.empty()) {
    update(change.entries);
  }
}

void TimelineModel::build() {
  m_pending.clear();
  m_again = false;
  const auto make = [recording = m_document.snapshot().recording, calls = m_document.snapshot().calls,
                     byTime = m_byTime] {
    auto built = std::make_shared<Built>();
    built->lanes = std::make_unique<Lanes>(recording, calls);
    built->times = EntryTimes::of(*recording);
    built->byTime = byTime && built->times;
    built->density = MinimapDensity(*built->lanes, built->byTime ? built->times : nullptr);
    return built;
  };
  m_building = m_document.snapshot().recording->size() > kMostEntriesAtOnce;
  if (!m_building) {
    take(make());
    return;
  }
  m_watcher.setFuture(QtConcurrent::run(make));
  if (!m_grown) emit rebuilt();
}

void TimelineModel::take(std::shared_ptr<Built> built) {
  m_building = false;
  m_built = std::move(built);
  if (m_built->byTime != isByTime()) makeDensity();  // another axis was asked for meanwhile
  m_filtered = false;
  if (!m_pending.empty()) update(m_pending);
  m_pending.clear();
  filterLanes();
  if (m_used) m_use.rebuild(*m_built->lanes, *m_used);
  emit rebuilt();
  if (!m_again) return;
  m_grown = true;
  build();
}

void TimelineModel::showUse(const UsedCalls& used) {
  m_used = &used;
  connect(&used, &UsedCalls::added, this, [this](const std::vector<EntryId>& calls) {
    // While other lanes are built, those that are shown take the marks too; take() makes them anew.
    if (!m_built) return;
    const auto lanes = m_use.add(*m_built->lanes, calls);
    if (!lanes.empty()) emit lanesChanged(lanes);
  });
  connect(&used, &UsedCalls::cleared, this, [this] {
    m_use.clear();
    if (m_built) emitAllChanged();
  });
}

void TimelineModel::emitAllChanged() {
  std::vector<std::uint32_t> all(m_built->lanes->lanes().size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  emit lanesChanged(all);
}

void TimelineModel::update(const std::vector<EntryId>& entries) {
  Lanes& lanes = *m_built->lanes;
  const Snapshot& now = m_document.snapshot();
  std::vector<std::uint32_t> calls;
  for (const EntryId id : entries) {
    const auto position = now.recording->position(id);
    const auto call = position ? now.calls->indexOf(*now.recording, *position) : std::nullopt;
    if (call && std::find(calls.begin(), calls.end(), *call) == calls.end()) calls.push_back(*call);
  }
  std::vector<std::uint8_t> before;
  for (const std::uint32_t call : calls) before.push_back(lanes.markOf(call));
  const auto changed = lanes.update(now.recording, now.calls, entries);
  for (std::size_t i = 0; i < calls.size(); ++i)
    m_built->density.change(lanes.calls()[calls[i]], before[i], lanes.markOf(calls[i]));
  emit lanesChanged(changed);
}

void TimelineModel::onRowsChanged() {
  if (!m_built || m_building || !filterLanes()) return;
  emitAllChanged();
}

// True when calls may look different now.
bool TimelineModel::filterLanes() {
  if (!m_rows.isFiltered() && !m_filtered) return false;  // sorted, for example
  // Rows of another recording: they follow, and say so. Of a file that grows they may be ahead.
  if (m_rows.total() < m_built->lanes->calls().size()) return false;
  m_filtered = m_rows.isFiltered();
  Lanes& lanes = *m_built->lanes;
  const bool any = m_filtered ? lanes.setShown([this](std::uint32_t call) { return m_rows.contains(call); })
                              : lanes.showAll();
  if (any) makeDensity();
  return any;
}

}  // namespace retake::gui
