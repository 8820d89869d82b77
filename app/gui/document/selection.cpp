#include "document/selection.h"

#include "document/document.h"

namespace retake::gui {
namespace {

// As many places as anyone walks back.
constexpr std::size_t kHistory = 200;

}  // namespace

Selection::Selection(Document& document, QObject* parent) : QObject(parent), m_document(document) {
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file) {
      clear();
      return;
    }
    if (!change.calls || !m_call) return;
    // A repair or an undo may have taken the call or the entry away.
    const Recording& recording = *m_document.snapshot().recording;
    if (!recording.position(m_call))
      moveTo({}, false);
    else if (!recording.position(m_entry))
      moveTo({m_call, m_call}, false);
  });
}

std::optional<std::uint32_t> Selection::call() const {
  const Snapshot& s = m_document.snapshot();
  const auto position = s.recording->position(m_call);
  return position ? s.calls->indexOf(*s.recording, *position) : std::nullopt;
}

void Selection::selectCall(std::uint32_t index) {
  const Snapshot& s = m_document.snapshot();
  if (index >= s.calls->size()) return;
  const Call call = (*s.calls)[index];
  const EntryId first = s.recording->info(call.first).id;
  if (first == m_call) return;
  // The answer is what people look for: the RESPONSE, the first message received, else how it ended.
  std::uint32_t answer = call.last();
  for (const std::uint32_t position : call.rest)
    if (s.recording->info(position).kind == EntryKind::Recv) {
      answer = position;
      break;
    }
  moveTo({first, s.recording->info(answer).id}, true);
}

void Selection::selectEntry(EntryId entry) {
  const Snapshot& s = m_document.snapshot();
  const auto position = s.recording->position(entry);
  if (!position) return;
  const auto index = s.calls->indexOf(*s.recording, *position);
  moveTo({index ? s.recording->info((*s.calls)[*index].first).id : EntryId{}, entry}, true);
}

void Selection::clear() {
  m_history.clear();
  m_at = 0;
  moveTo({}, false);
  emit historyChanged();
}

void Selection::moveTo(Place place, bool remember) {
  const bool otherCall = place.call != m_call;
  if (!otherCall && place.entry == m_entry) return;
  m_call = place.call;
  m_entry = place.entry;
  if (remember) {
    if (!m_history.empty()) m_history.resize(m_at + 1);
    // Messages of one call are one place: back means the call before.
    if (!m_history.empty() && !otherCall)
      m_history.back() = place;
    else
      m_history.push_back(place);
    if (m_history.size() > kHistory) m_history.erase(m_history.begin());
    m_at = m_history.size() - 1;
  }
  if (otherCall) emit callChanged();
  emit entryChanged();
  if (remember) emit historyChanged();
}

void Selection::goBack() { goInHistory(-1); }

void Selection::goForward() { goInHistory(1); }

// Past calls that are not there any more, or not at the moment.
void Selection::goInHistory(int step) {
  const auto size = static_cast<std::ptrdiff_t>(m_history.size());
  for (auto at = static_cast<std::ptrdiff_t>(m_at) + step; at >= 0 && at < size; at += step) {
    Place place = m_history[static_cast<std::size_t>(at)];
    const Recording& recording = *m_document.snapshot().recording;
    if (!recording.position(place.call)) continue;
    if (!recording.position(place.entry)) place.entry = place.call;
    m_at = static_cast<std::size_t>(at);
    moveTo(place, false);
    emit historyChanged();
    return;
  }
}

}  // namespace retake::gui
