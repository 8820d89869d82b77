#include "detail/drafts.h"

#include "document/document.h"

namespace retake::gui {

Drafts::Drafts(Document& document, QObject* parent) : QObject(parent), m_document(document) {
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (!change.file || count() == 0) return;
    m_drafts.clear();
    m_leaves.clear();
    emit changed();
  });
}

std::vector<EntryId> Drafts::entries() const {
  std::vector<EntryId> entries;
  for (const auto& [entry, draft] : m_drafts) entries.push_back(entry);
  for (const auto& [entry, leaves] : m_leaves)
    if (!m_drafts.contains(entry)) entries.push_back(entry);
  return entries;
}

int Drafts::count() const { return static_cast<int>(entries().size()); }

Drafts::Leaves Drafts::leaves(EntryId entry) const {
  const auto found = m_leaves.find(entry);
  return found == m_leaves.end() ? Leaves() : found->second;
}

std::optional<QString> Drafts::text(EntryId entry) const {
  const auto found = m_drafts.find(entry);
  if (found == m_drafts.end()) return std::nullopt;
  return found->second.text;
}

std::optional<Draft> Drafts::draft(EntryId entry) const {
  const auto found = m_drafts.find(entry);
  if (found == m_drafts.end()) return std::nullopt;
  return found->second;
}

std::optional<EntryId> Drafts::first() const {
  const Recording& recording = *m_document.snapshot().recording;
  std::optional<EntryId> best;
  std::uint32_t bestPosition = 0;
  const auto consider = [&](EntryId entry) {
    const auto position = recording.position(entry);
    if (!position || (best && *position >= bestPosition)) return;
    best = entry;
    bestPosition = *position;
  };
  for (const auto& [entry, draft] : m_drafts) consider(entry);
  for (const auto& [entry, leaves] : m_leaves) consider(entry);
  return best;
}

void Drafts::set(EntryId entry, const Draft& draft) {
  const auto [place, isNew] = m_drafts.try_emplace(entry, draft);
  if (!isNew) {
    if (place->second == draft) return;
    place->second = draft;
  }
  emit changed();
}

void Drafts::remove(EntryId entry) {
  if (m_drafts.erase(entry) > 0) emit changed();
}

void Drafts::setLeaf(EntryId entry, const QString& path, const std::optional<QString>& text) {
  Leaves now = leaves(entry);
  if (text)
    now[path] = *text;
  else
    now.erase(path);
  if (now == leaves(entry)) return;
  if (now.empty())
    m_leaves.erase(entry);
  else
    m_leaves[entry] = std::move(now);
  emit changed();
}

}  // namespace retake::gui
