#include "detail/drafts.h"

#include "document/document.h"

namespace retake::gui {

Drafts::Drafts(Document& document, QObject* parent) : QObject(parent), m_document(document) {
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (!change.file || m_drafts.empty()) return;
    m_drafts.clear();
    emit changed();
  });
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
  for (const auto& [entry, draft] : m_drafts) {
    const auto position = recording.position(entry);
    if (!position || (best && *position >= bestPosition)) continue;
    best = entry;
    bestPosition = *position;
  }
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

}  // namespace retake::gui
