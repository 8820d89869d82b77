#include "window/help_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QMenu>
#include <QMenuBar>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "theme/theme.h"
#include "window/plain_title.h"

namespace retake::gui {
namespace {

QString plainHtml(const QString& title) { return plainTitle(title).toHtmlEscaped(); }

// The keys of all tables stand below each other.
QString row(const QString& what, const QString& keys) {
  return QStringLiteral("<tr><td width=\"%1\">%2</td><td>%3</td></tr>")
      .arg(60 * theme::kGrid)
      .arg(what, keys.toHtmlEscaped());
}

void appendRows(QString& html, const QList<QAction*>& actions) {
  for (QAction* action : actions) {
    if (action->menu()) {
      emit action->menu()->aboutToShow();
      appendRows(html, action->menu()->actions());
    } else if (!action->shortcut().isEmpty()) {
      html += row(plainHtml(action->text()), action->shortcut().toString(QKeySequence::NativeText));
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
    html += QStringLiteral("<h3>%1</h3><table>").arg(plainHtml(menu->text()));
    appendRows(html, menu->menu()->actions());
    html += QStringLiteral("</table>");
  }
  html += tr("<h3>Timeline</h3>") + QStringLiteral("<table>") +
          row(tr("Zoom"), tr("W, S, or Ctrl and the wheel")) + row(tr("Pan"), tr("A, D")) +
          row(tr("All of it"), tr("Home")) + row(tr("To the selection"), tr("F")) +
          row(tr("Time as the x axis"), tr("T")) + QStringLiteral("</table>");
  html += tr(
      "<h3>Words</h3>"
      "<p><b>Recording</b>: the calls of a replay file, with the <b>initial state</b> they began from.</p>"
      "<p><b>Entry</b>: one record of it: a request, a response, the opening of a stream, a message sent or "
      "received.</p>"
      "<p><b>Call</b>: entries that belong together: U unary, S server stream, C client stream, "
      "B bidirectional stream. The timeline and the table show them in recorded order, which is not time. "
      "Where "
      "the recording has times, T makes time the timeline's axis.</p>"
      "<p><b>Draft</b>: what you typed and did not commit, or what does not fit the message yet. Drafts are "
      "kept and never saved.</p>"
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
