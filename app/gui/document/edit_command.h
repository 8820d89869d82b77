#pragma once

#include <QUndoCommand>

#include "document/document.h"

namespace retake::gui {

// The only undo command: it swaps snapshots, so it knows nothing of what an edit is.
class EditCommand final : public QUndoCommand {
 public:
  EditCommand(Document& document, Document::State after, std::vector<EntryId> entries, const QString& text)
      : QUndoCommand(text),
        m_document(document),
        m_before(document.state()),
        m_after(std::move(after)),
        m_entries(std::move(entries)) {}

  void undo() override { m_document.setState(m_before, m_entries); }
  void redo() override { m_document.setState(m_after, m_entries); }

 private:
  Document& m_document;
  Document::State m_before;
  Document::State m_after;
  std::vector<EntryId> m_entries;
};

}  // namespace retake::gui
