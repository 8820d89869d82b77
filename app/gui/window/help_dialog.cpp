#include "window/help_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QMenu>
#include <QMenuBar>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "theme/theme.h"

namespace retake::gui {
namespace {

QString plain(QString text) { return text.remove(u'&').toHtmlEscaped(); }

void appendRows(QString& html, const QList<QAction*>& actions) {
  for (QAction* action : actions) {
    if (action->menu()) {
      emit action->menu()->aboutToShow();
      appendRows(html, action->menu()->actions());
    } else if (!action->shortcut().isEmpty()) {
      html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;&nbsp;</td><td>%2</td></tr>")
                  .arg(plain(action->text()),
                       action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped());
    }
  }
}

}  // namespace

HelpDialog::HelpDialog(const QMenuBar& menus, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("helpDialog"));
  setWindowTitle(tr("Keys and words"));
  setAttribute(Qt::WA_DeleteOnClose);
  QString html;
  const auto menuActions = menus.actions();
  for (QAction* menu : menuActions) {
    if (!menu->menu()) continue;
    html += QStringLiteral("<h3>%1</h3><table>").arg(plain(menu->text()));
    appendRows(html, menu->menu()->actions());
    html += QStringLiteral("</table>");
  }
  html += tr(
      "<h3>Timeline</h3><table>"
      "<tr><td>Zoom&nbsp;&nbsp;&nbsp;</td><td>W, S, or Ctrl and the wheel</td></tr>"
      "<tr><td>Pan&nbsp;&nbsp;&nbsp;</td><td>A, D</td></tr>"
      "<tr><td>All of it&nbsp;&nbsp;&nbsp;</td><td>Home</td></tr>"
      "<tr><td>To the selection&nbsp;&nbsp;&nbsp;</td><td>F</td></tr></table>"
      "<h3>Words</h3>"
      "<p><b>Recording</b>: the calls of a replay file, with the <b>initial state</b> they began from.</p>"
      "<p><b>Entry</b>: one record of it: a request, a response, the opening of a stream, a message sent or "
      "received.</p>"
      "<p><b>Call</b>: entries that belong together: U unary, S server stream, C client stream, "
      "B bidirectional stream. The timeline and the table show them in recorded order, which is not time: "
      "the "
      "file holds none.</p>"
      "<p><b>Draft</b>: what you typed and did not commit, or what does not fit the message yet. Drafts are "
      "kept "
      "and never saved.</p>"
      "<p><b>Missed</b>: a call for which the stand-in has no recorded answer.</p>");
  auto* text = new QTextBrowser(this);
  text->setObjectName(QStringLiteral("helpText"));
  text->setFrameShape(QFrame::NoFrame);
  text->document()->setDocumentMargin(theme::kPaneMargin);
  text->setHtml(html);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  buttons->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kPaneMargin);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(text);
  layout->addWidget(buttons);
  resize(560, 640);
}

}  // namespace retake::gui
