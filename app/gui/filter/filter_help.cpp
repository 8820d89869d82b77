#include "filter/filter_help.h"

#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QUrl>
#include <QVBoxLayout>
#include <array>

#include "filter/query.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

constexpr std::array<const char*, 9> kExamples = {"checkout status:NOT_FOUND,INTERNAL dur>250ms",
                                                  "method~/^\\/shop\\.v1\\./ -status:OK",
                                                  "resp.items[*].sku=\"A-17\" or size>1MB",
                                                  "text:\"no such\" -edited",
                                                  "req.**.email~/@example\\.com$/",
                                                  "meta.x-request-id:77 or trailer.*:77",
                                                  "kind:stream msgs>10 dir:in text:tick",
                                                  "resp.created>2026-01-31 resp.total:10..20",
                                                  "error -used or undecodable"};

QString row(const QString& left, const QString& right) {
  return QStringLiteral("<tr><td style=\"white-space:nowrap\">%1&nbsp;&nbsp;&nbsp;</td><td>%2</td></tr>")
      .arg(left, right);
}

QString code(const QString& text) { return QStringLiteral("<tt>%1</tt>").arg(text.toHtmlEscaped()); }

}  // namespace

FilterHelp::FilterHelp(QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("filterHelp"));
  setWindowTitle(tr("Filter"));
  setAttribute(Qt::WA_DeleteOnClose);
  QString html =
      tr("<p>Terms with spaces between them must all hold. A word alone is looked for in the method and in "
         "all text. Click an example to try it.</p><table>");
  for (const char* example : kExamples) {
    const QString text = QString::fromUtf8(example);
    QUrl link;
    link.setScheme(QStringLiteral("filter"));
    link.setPath(text);
    html +=
        row(QStringLiteral("<a href=\"%1\">%2</a>").arg(QString::fromLatin1(link.toEncoded()), code(text)),
            QString::fromStdString(Query::parse(example)->inWords()).toHtmlEscaped());
  }
  html += QStringLiteral("</table>") + tr("<h3>Fields</h3>") + QStringLiteral("<table>");
  html += row(code(QStringLiteral("method service")), tr("the call's path, and its part before the slash"));
  html += row(code(QStringLiteral("status")), tr("NOT_FOUND, 5, open for a call whose end was not recorded"));
  html += row(code(QStringLiteral("kind dir")), tr("unary, server, client, bidi, stream, ws; in, out"));
  html += row(code(QStringLiteral("dur start")), tr("ns us ms s m, where the recording has times"));
  html += row(code(QStringLiteral("size req.size resp.size")), tr("B kB KiB MB MiB"));
  html += row(code(QStringLiteral("msgs id")), tr("number of messages; number of the call, also #12"));
  html += row(code(QStringLiteral("text req.text resp.text")), tr("any text in messages; metadata too"));
  html += row(
      code(QStringLiteral("req.PATH resp.PATH msg.PATH")),
      tr("a field: a.b, items[*].sku, labels[\"env\"], any&lt;pkg.Type&gt;.x, by number 1.2; * is any one "
         "field, ** any number of levels"));
  html += row(code(QStringLiteral("meta.KEY trailer.KEY")), tr("metadata; * is any key"));
  html += row(code(QStringLiteral("edited scrubbed error stream used missed undecodable")),
              tr("flags; is:edited"));
  html += QStringLiteral("</table>") + tr("<h3>Comparing</h3>") + QStringLiteral("<table>");
  html += row(code(QStringLiteral(":")),
              tr("contains for text, equals for the rest; a,b is either, 1..5 a range"));
  html += row(code(QStringLiteral("= != < <= > >=")), tr("a != v: it is there and is not v"));
  html +=
      row(code(QStringLiteral("~ !~")), tr("a regular expression (RE2): /.../, /.../c where case matters"));
  html += row(code(QStringLiteral("or  |  not  -  !  ( )")), tr("and is a space"));
  html += row(code(QStringLiteral("\"...\"")), tr("text as it is, with \\\" \\\\ \\n \\t \\xNN"));
  html += QStringLiteral("</table>");
  auto* text = new QTextBrowser(this);
  text->setObjectName(QStringLiteral("filterHelpText"));
  text->setFrameShape(QFrame::NoFrame);
  text->setOpenLinks(false);
  text->document()->setDocumentMargin(theme::kPaneMargin);
  text->setHtml(html);
  connect(text, &QTextBrowser::anchorClicked, this,
          [this](const QUrl& link) { emit exampleChosen(link.path(QUrl::FullyDecoded)); });
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  buttons->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kPaneMargin);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(text);
  layout->addWidget(buttons);
  resize(880, 640);
}

}  // namespace retake::gui
