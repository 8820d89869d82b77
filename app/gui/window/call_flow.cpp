#include "window/call_flow.h"

#include "calls/call_rows.h"
#include "calls/call_text.h"
#include "document/document.h"
#include "document/selection.h"
#include "window/actions.h"

namespace retake::gui {

CallFlow::CallFlow(Document& document, Selection& selection, CallRows& rows, Actions& actions,
                   QObject* parent)
    : QObject(parent), m_document(document), m_selection(selection), m_rows(rows), m_actions(actions) {
  connect(actions.duplicateCall, &QAction::triggered, this, &CallFlow::duplicate);
  connect(actions.removeCall, &QAction::triggered, this, &CallFlow::remove);
  connect(&selection, &Selection::callChanged, this, &CallFlow::updateActions);
  connect(&document, &Document::changed, this, &CallFlow::updateActions);
  updateActions();
}

void CallFlow::updateActions() {
  const bool any = m_selection.call().has_value();
  m_actions.duplicateCall->setEnabled(any);
  m_actions.removeCall->setEnabled(any);
}

void CallFlow::duplicate() {
  const auto index = m_selection.call();
  if (!index) return;
  const Snapshot before = m_document.snapshot();
  const Call call = (*before.calls)[*index];
  const auto copy = copyOfCall(*before.recording, call);
  if (!copy) {
    emit failed(QString::fromStdString(copy.error().message));
    return;
  }
  const QString number = countText(*index + 1);
  if (const QStringList refused = m_document.pushAll({*copy}, tr("copy of call %1").arg(number));
      !refused.isEmpty()) {
    emit failed(refused.first());
    return;
  }
  // Right behind the call that it is a copy of: the first entry that was not there.
  const Snapshot& now = m_document.snapshot();
  for (const EntryId id : changedEntries(*before.recording, *now.recording)) {
    if (before.recording->position(id)) continue;
    const auto made = now.calls->indexOf(*now.recording, *now.recording->position(id));
    if (!made) continue;
    m_selection.selectCall(*made);
    emit said(tr("Call %1 is a copy of call %2").arg(countText(*made + 1), number));
    return;
  }
}

void CallFlow::remove() {
  const auto index = m_selection.call();
  if (!index) return;
  const Snapshot before = m_document.snapshot();
  const auto idOf = [&before](std::uint32_t call) {
    return before.recording->info((*before.calls)[call].first).id;
  };
  // Whoever deletes several in turn goes on with the one that moves up.
  EntryId next;
  const auto& rows = m_rows.rows();
  if (const auto row = m_rows.rowOf(*index)) {
    const auto at = static_cast<std::size_t>(*row);
    if (at + 1 < rows.size())
      next = idOf(rows[at + 1]);
    else if (at > 0)
      next = idOf(rows[at - 1]);
  }
  const QString number = countText(*index + 1);
  if (const QStringList refused =
          m_document.pushAll({RemoveCall{idOf(*index)}}, tr("deletion of call %1").arg(number));
      !refused.isEmpty()) {
    emit failed(refused.first());
    return;
  }
  const Snapshot& now = m_document.snapshot();
  if (const auto position = now.recording->position(next))
    if (const auto call = now.calls->indexOf(*now.recording, *position)) m_selection.selectCall(*call);
  emit said(tr("Call %1 is deleted").arg(number));
}

}  // namespace retake::gui
