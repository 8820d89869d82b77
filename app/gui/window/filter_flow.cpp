#include "window/filter_flow.h"

#include <QMenu>

#include "calls/call_rows.h"
#include "detail/detail_pane.h"
#include "detail/message_tree_model.h"
#include "detail/message_tree_view.h"
#include "document/document.h"
#include "document/selection.h"
#include "filter/filter_menu.h"
#include "window/filter_bar.h"

namespace retake::gui {

FilterFlow::FilterFlow(Document& document, Selection& selection, CallRows& rows, FilterBar& bar,
                       DetailPane& detail, QObject* parent)
    : QObject(parent), m_document(document), m_selection(selection), m_rows(rows), m_bar(bar) {
  const auto trees = detail.findChildren<MessageTreeView*>();
  for (MessageTreeView* tree : trees)
    connect(tree, &MessageTreeView::contextMenuBegins, this,
            [this, tree](QMenu* menu, const QModelIndex& value) { offer(*menu, *tree, value); });
}

void FilterFlow::offer(QMenu& menu, const MessageTreeView& tree, const QModelIndex& value) {
  const Recording& recording = *m_document.snapshot().recording;
  const auto position = recording.position(m_selection.entry());
  const MessageTreeModel& model = tree.treeModel();
  const MessageNode* node = value.isValid() ? model.node(value) : nullptr;
  if (!position || !node) return;
  const EntryInfo info = recording.info(*position);
  if (info.isError) return;  // a detail of a status: its path does not begin at the message
  const bool isRequest = info.kind == EntryKind::Request || info.kind == EntryKind::Send;
  const auto term = termOfField(isRequest ? "req" : "resp", model.fieldPath(value), *node);
  if (!term) return;
  menu.addSeparator();
  addFilterMenu(menu, *term, m_rows.filter(), [this](const QString& text) { m_bar.setText(text); });
}

}  // namespace retake::gui
