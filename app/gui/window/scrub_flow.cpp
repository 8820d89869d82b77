#include "window/scrub_flow.h"

#include <QMenu>
#include <QRegularExpression>

#include "detail/detail_pane.h"
#include "detail/message_tree_model.h"
#include "detail/message_tree_view.h"
#include "detail/strings.h"
#include "document/document.h"
#include "document/selection.h"
#include "scrub/scrub_panel.h"
#include "theme/theme.h"

namespace retake::gui {

ScrubFlow::ScrubFlow(Document& document, Selection& selection, DetailPane& detail, ScrubPanel& panel,
                     QObject* parent)
    : QObject(parent), m_document(document), m_selection(selection), m_panel(panel) {
  const auto trees = detail.findChildren<MessageTreeView*>();
  for (MessageTreeView* tree : trees)
    connect(tree, &MessageTreeView::contextMenuBegins, this,
            [this, tree](QMenu* menu, const QModelIndex& value) { offer(*menu, *tree, value); });
}

void ScrubFlow::offer(QMenu& menu, const MessageTreeView& tree, const QModelIndex& value) {
  const Recording& recording = *m_document.snapshot().recording;
  const auto position = recording.position(m_selection.entry());
  const std::string path = value.isValid() ? tree.treeModel().fieldPath(value) : std::string();
  if (!position || path.empty()) return;
  const EntryInfo info = recording.info(*position);
  if (info.isError) return;  // a detail of a status: its path does not begin at the message
  const auto head = info.ref ? recording.position(info.ref) : position;
  if (!head) return;

  // Any element of a list, in calls of this method.
  static const QRegularExpression element(QStringLiteral("\\[\\d+\\]"));
  const QString field = toQString(path).replace(element, QStringLiteral("[*]"));
  ScrubRule rule;
  rule.name = toUtf8(field.section(u'.', -1));
  rule.where = {ScrubWhere::Place::Field, toUtf8(field), {}};
  rule.scope = "method=" + recording.methodName(recording.info(*head).method);
  menu.addSeparator();
  QAction* scrub = menu.addAction(theme::icon(QStringLiteral("eraser")), tr("Scrub %1…").arg(field));
  scrub->setObjectName(QStringLiteral("scrubThis"));
  connect(scrub, &QAction::triggered, &m_panel, [this, rule] { m_panel.beginRule(rule); });
}

}  // namespace retake::gui
