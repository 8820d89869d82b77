#include "detail/entry_view.h"
#include "detail/message_view.h"
#include "detail/strings.h"
#include "document/document.h"

// What becomes an edit: drafts that are applied, what is reverted, and what is to stand in place of
// something else.
namespace retake::gui {

void EntryView::push(const Edit& edit) {
  if (const auto why = m_document.push(edit)) {
    m_problem = *why;
    updateNotes();
  }
}

void EntryView::keepDraft(EntryId entry, Draft::Kind kind, const std::optional<QString>& text) {
  if (!entry) return;
  if (text) {
    m_drafts.set(entry, {kind, *text});
    updateNotes();
    return;
  }
  m_drafts.remove(entry);
  // What was to replace something else is gone: show that again.
  if (entry == m_content.id && (modeFor(std::nullopt) != m_mode || kind == Draft::Kind::End)) load(true);
  updateNotes();
}

bool EntryView::applyDraft(EntryId entry, const Edit& edit) {
  const auto draft = m_drafts.draft(entry);
  // First, so that the view does not show it once more when the document says that it has changed.
  m_drafts.remove(entry);
  m_problem.clear();
  const auto why = m_document.push(edit);
  if (!why) return true;
  if (draft) m_drafts.set(entry, *draft);
  m_problem = *why;
  updateNotes();
  return false;
}

void EntryView::commitMessage(const std::string& message) {
  const MessageSource source = m_message->source();
  const std::string typeUrl = source.isNew ? std::string(kTypeUrlPrefix) + source.typeName : std::string();
  applyDraft(source.entry, ReplaceMessage{source.entry, message, typeUrl});
}

void EntryView::commitStatus(const Status& status) {
  const EntryId entry = m_statusEntry;
  const bool isEnd = m_draftKind == Draft::Kind::End;
  const Edit edit = isEnd ? Edit(EndStream{entry, status}) : Edit(ReplaceStatus{entry, status});
  if (applyDraft(entry, edit) && isEnd) showLastOf(entry);
}

void EntryView::revert() {
  if (!isEdited()) return;
  const auto there = m_document.opened().recording->position(m_content.id);
  if (!there) {
    if (const EntryId call = addedCall())
      push(RemoveCall{call});
    else
      push(Repair{Repair::Kind::RemoveEntry, m_content.id});
    return;
  }
  const auto bytes = m_document.opened().recording->bytes(*there);
  if (bytes)
    push(RestoreEntry{m_content.id, std::string(bytes->view)});
  else
    m_problem = toQString(bytes.error().message);
  updateNotes();
}

EntryId EntryView::addedCall() const {
  const Recording& recording = *m_document.snapshot().recording;
  const auto position = recording.position(m_content.id);
  if (!position) return {};
  const EntryInfo info = recording.info(*position);
  const EntryId call = info.ref ? info.ref : info.id;
  const bool begins = info.ref || info.kind == EntryKind::Request || info.kind == EntryKind::CreateStream;
  return begins && !m_document.opened().recording->position(call) ? call : EntryId{};
}

EntryId EntryView::openCall() const {
  const Recording& recording = *m_document.snapshot().recording;
  const Calls& calls = *m_document.snapshot().calls;
  const auto position = recording.position(m_content.id);
  if (!position) return {};
  const auto index = calls.indexOf(recording, *position);
  if (!index || callEnd(recording, calls[*index]).kind != CallEnd::Kind::Open) return {};
  return recording.info(calls[*index].first).id;
}

void EntryView::showLastOf(EntryId call) {
  const Recording& recording = *m_document.snapshot().recording;
  const Calls& calls = *m_document.snapshot().calls;
  if (const auto position = recording.position(call))
    if (const auto index = calls.indexOf(recording, *position))
      emit entryWanted(recording.info(calls[*index].last()).id);
}

void EntryView::addEnd() {
  const EntryId call = openCall();
  const Recording& recording = *m_document.snapshot().recording;
  const auto position = recording.position(call);
  if (!position) return;
  if (recording.info(*position).kind == EntryKind::CreateStream) {
    beginStatus(call, Draft::Kind::End);
    return;
  }
  push(Repair{Repair::Kind::AnswerRequest, call});
  showLastOf(call);
}

void EntryView::beginStatus(EntryId entry, Draft::Kind kind) {
  if (!m_drafts.draft(entry)) {
    // As the form writes it down; a draft from the start, so that leaving does not lose it.
    const int code = kind == Draft::Kind::End ? 0 : kFirstCode;
    m_drafts.set(entry, {kind, QStringLiteral("{\"code\":%1,\"details\":[],\"message\":\"\"}").arg(code)});
  }
  if (entry != m_content.id)
    emit entryWanted(entry);
  else
    load(false);
}

void EntryView::beginMessage() {
  const Snapshot& snapshot = m_document.snapshot();
  if (expectedType(*snapshot.recording, *snapshot.schema, m_content.id).empty()) {
    m_problem =
        tr("Of what type a message would be here, neither the schema nor another call of this method tells. "
           "Load a schema that has the method.");
    updateNotes();
    return;
  }
  if (!m_drafts.draft(m_content.id))
    m_drafts.set(m_content.id, {Draft::Kind::Message, QStringLiteral("{\n}")});
  load(false);
}

}  // namespace retake::gui
