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

void TimelineModel::onDocumentChanged(const SnapshotChange& change) {
  if (change.file) {  // what is shown otherwise stays until the new one is there
    m_built = nullptr;
    m_use.clear();
  }
  if (change.file || change.calls) {
    build();
  } else if (m_building) {
    m_pending.insert(m_pending.end(), change.entries.begin(), change.entries.end());
  } else if (m_built && !change.entries.empty()) {
    update(change.entries);
  }
}

void TimelineModel::build() {
  m_pending.clear();
  const auto make = [recording = m_document.snapshot().recording, calls = m_document.snapshot().calls] {
    auto built = std::make_shared<Built>();
    built->lanes = std::make_unique<Lanes>(recording, calls);
    built->density = MinimapDensity(*built->lanes);
    return built;
  };
  m_building = m_document.snapshot().recording->size() > kMostEntriesAtOnce;
  if (!m_building) {
    take(make());
    return;
  }
  m_watcher.setFuture(QtConcurrent::run(make));
  emit rebuilt();
}

void TimelineModel::take(std::shared_ptr<Built> built) {
  m_building = false;
  m_built = std::move(built);
  m_filtered = false;
  if (!m_pending.empty()) update(m_pending);
  m_pending.clear();
  filterLanes();
  if (m_used) m_use.rebuild(*m_built->lanes, *m_used);
  emit rebuilt();
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
  // Rows of another recording: they follow, and say so.
  if (m_rows.total() != m_built->lanes->calls().size()) return false;
  m_filtered = m_rows.isFiltered();
  Lanes& lanes = *m_built->lanes;
  const bool any = m_filtered ? lanes.setShown([this](std::uint32_t call) { return m_rows.contains(call); })
                              : lanes.showAll();
  if (any) m_built->density = MinimapDensity(lanes);
  return any;
}

}  // namespace retake::gui
