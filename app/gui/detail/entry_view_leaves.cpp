#include <utility>

#include "detail/entry_view.h"
#include "detail/message_tree_model.h"
#include "detail/message_tree_view.h"
#include "document/document.h"

// What is typed into line edits of the tree: a draft from the first key, an edit once it is applied.
namespace retake::gui {

void EntryView::finishEditing() {
  m_message->tree().finishEditing();
  applyLeaves();
}

void EntryView::applyLeaves() {
  for (const LeafCommit& leaf : std::exchange(m_leafCommits, {})) {
    const auto texts = m_drafts.leaves(leaf.entry);
    if (!texts.contains(leaf.path)) continue;  // another file was opened
    // Where the message has become another one meanwhile, what was typed stays a draft.
    if (contentOf(*m_document.snapshot().recording, leaf.entry).message.view != leaf.before.view) continue;
    m_drafts.setLeaf(leaf.entry, leaf.path, std::nullopt);
    const auto why = m_document.push(ReplaceMessage{leaf.entry, leaf.message, {}});
    if (!why) continue;
    m_drafts.setLeaf(leaf.entry, leaf.path, texts.at(leaf.path));
    m_problem = *why;
  }
  updateNotes();
}

void EntryView::keepLeaf(const QString& path, const std::optional<QString>& text) {
  const EntryId entry = m_message->source().entry;
  m_drafts.setLeaf(entry, path, text);
  m_message->tree().setKept(m_drafts.leaves(entry));
  updateNotes();
}

std::vector<NoteBar::Note> EntryView::leafNotes() {
  std::vector<NoteBar::Note> notes;
  const MessageTreeView& tree = m_message->tree();
  for (const auto& leaf : m_drafts.leaves(m_content.id)) {
    const QString path = leaf.first;
    const bool inTree = m_mode == Mode::Message && m_message->view() == MessageViewKind::Tree;
    if (inTree && tree.editedPath() == path) continue;
    const bool gone = m_mode != Mode::Message ||
                      (inTree && !m_message->isDecoding() && !m_message->hasDraft() && !tree.canEdit(path));
    const QString name = tree.treeModel().nameOf(path);
    notes.push_back({tr("✎ %1: “%2” was typed and is not applied.").arg(name, leaf.second.left(200)),
                     theme::Role::Edited, gone ? tr("Discard") : tr("Edit"), [this, path, gone] {
                       if (gone) return keepLeaf(path, std::nullopt);
                       setView(MessageViewKind::Tree);
                       m_message->tree().editLeaf(path);
                       updateNotes();
                     }});
  }
  return notes;
}

}  // namespace retake::gui
