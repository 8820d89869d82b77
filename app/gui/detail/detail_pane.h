#pragma once

#include <QList>
#include <QWidget>

#include "detail/entry_view.h"

namespace retake::gui {

class DetailHeader;
class Selection;

// The selected call, and the selected one of its entries, to read and to edit.
class DetailPane : public QWidget {
  Q_OBJECT
 public:
  DetailPane(Document& document, Selection& selection, Drafts& drafts, QWidget* parent = nullptr);

  EntryView& entryView() const { return *m_entry; }
  // Applies what stands in an open line edit of the tree, if it fits: before saving, closing and opening.
  void finishEditing() { m_entry->finishEditing(); }
  // For the menus: the three views, revert, replace by a status or a message, add an end, previous
  // and next message of the call. They have their shortcuts already.
  QList<QAction*> viewActions() const;
  QList<QAction*> editActions() const;
  QList<QAction*> goActions() const { return {m_previous, m_next}; }

 signals:
  void schemaWanted();  // the person asks for a schema, since the type is not known

 private:
  void refreshHeader();

  Document& m_document;
  Selection& m_selection;
  DetailHeader* m_header;
  QWidget* m_line;
  EntryView* m_entry;
  QAction* m_previous;
  QAction* m_next;
};

}  // namespace retake::gui
