#include "detail/detail_pane.h"

#include <QAction>
#include <QVBoxLayout>

#include "detail/detail_header.h"
#include "detail/hairline.h"
#include "document/document.h"
#include "document/selection.h"

namespace retake::gui {

DetailPane::DetailPane(Document& document, Selection& selection, Drafts& drafts, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_header(new DetailHeader(document, this)),
      m_line(new Hairline(this)),
      m_entry(new EntryView(document, drafts, this)),
      m_previous(new QAction(tr("Previous message"), this)),
      m_next(new QAction(tr("Next message"), this)) {
  setObjectName(QStringLiteral("detailPane"));
  setAccessibleName(tr("Detail of the call"));
  m_header->setObjectName(QStringLiteral("detailHeader"));
  m_entry->setObjectName(QStringLiteral("entryView"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_header);
  layout->addWidget(m_line);
  layout->addWidget(m_entry, 1);

  m_previous->setObjectName(QStringLiteral("previousMessageAction"));
  m_previous->setShortcut(Qt::ALT | Qt::Key_PageUp);
  m_next->setObjectName(QStringLiteral("nextMessageAction"));
  m_next->setShortcut(Qt::ALT | Qt::Key_PageDown);
  connect(m_previous, &QAction::triggered, this, [this] {
    if (const EntryId entry = m_header->neighbour(-1)) m_selection.selectEntry(entry);
  });
  connect(m_next, &QAction::triggered, this, [this] {
    if (const EntryId entry = m_header->neighbour(1)) m_selection.selectEntry(entry);
  });
  addActions(m_entry->actions().all());
  addActions({m_previous, m_next});

  connect(m_header, &DetailHeader::entryChosen, &selection, &Selection::selectEntry);
  connect(m_entry, &EntryView::entryWanted, &selection, &Selection::selectEntry);
  connect(m_entry, &EntryView::schemaWanted, this, &DetailPane::schemaWanted);
  connect(&selection, &Selection::entryChanged, this, [this] {
    m_entry->showEntry(m_selection.entry());
    refreshHeader();
  });
  connect(&selection, &Selection::callChanged, this, &DetailPane::refreshHeader);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (!change.touches(m_selection.call())) return;
    if (change.file)
      m_entry->showEntry(m_selection.entry());
    else
      m_entry->refresh(change);
    refreshHeader();
  });
  m_entry->showEntry(selection.entry());
  refreshHeader();
}

void DetailPane::refreshHeader() {
  const auto call = m_selection.call();
  m_header->show(call, m_selection.entry());
  m_line->setVisible(call.has_value());
  m_previous->setEnabled(call && m_header->neighbour(-1));
  m_next->setEnabled(call && m_header->neighbour(1));
}

QList<QAction*> DetailPane::viewActions() const {
  const EntryActions& actions = m_entry->actions();
  return {actions.tree, actions.json, actions.hex};
}

QList<QAction*> DetailPane::editActions() const {
  const EntryActions& actions = m_entry->actions();
  return {actions.revert, actions.replaceByStatus, actions.replaceByMessage, actions.addEnd};
}

}  // namespace retake::gui
