#include "window/filter_bar.h"

#include <QLineEdit>
#include <QMenu>
#include <QTest>
#include <QTextBlock>
#include <QTextBrowser>
#include <QToolButton>

#include "calls/call_rows.h"
#include "filter/filter_edit.h"
#include "filter/filter_help.h"
#include "filter/filter_menu.h"
#include "filter/filter_reading.h"
#include "filter/query.h"
#include "opened_document.h"
#include "schema/message_tree.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::OpenedDocument;

class tst_FilterBar : public QObject {
  Q_OBJECT
 private slots:
  void saysHowItReads_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("said");
    QTest::newRow("nothing") << ""
                             << "";
    QTest::newRow("a query") << "status:NOT_FOUND msgs>1"
                             << "reads as: status is NOT_FOUND and number of messages is over 1";
    QTest::newRow("a wrong one") << "status:NOT_FOUN"
                                 << "✗ column 8: expected a status, found \"NOT_FOUN\"; did you mean "
                                    "\"NOT_FOUND\"?  ·  all calls are shown";
  }
  void saysHowItReads() {
    QFETCH(QString, typed);
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    FilterBar bar(rows);
    bar.setText(typed);
    QTEST(bar.reading().text(), "said");
    QCOMPARE(bar.reading().isHidden(), typed.isEmpty());
  }

  void aWrongQueryKeepsTheLastResult() {
    OpenedDocument o;
    CallRows rows(o.document);
    QVERIFY(o.open(cartFile()));
    FilterBar bar(rows);
    bar.setText("status:NOT_FOUND");
    bar.setText("status:NOT_FOUND dur>");
    QCOMPARE(rows.rows(), std::vector<std::uint32_t>{1});
    QVERIFY(bar.reading().text().endsWith("shown is still: status:NOT_FOUND"));
  }

  void theCaretStandsUnderItsCharacter() {
    FilterEdit edit;
    edit.resize(600, 30);
    edit.show();
    edit.setText("  grün status:x");
    const QFontMetrics metrics = edit.fontMetrics();
    // Bytes of the text without the spaces in front; "ü" has two.
    const int from = edit.xOfByte(0);
    QCOMPARE(edit.xOfByte(13) - from,
             metrics.horizontalAdvance("  grün status:") - metrics.horizontalAdvance("  "));
    edit.setCursorPosition(3);
    QVERIFY(qAbs(edit.xOfByte(0) - from) <= 1);
    QVERIFY(edit.xOfByte(100'000) <= edit.width());
  }

  void helpOffersExamplesThatCanBeRead() {
    auto* help = new FilterHelp;
    QSignalSpy chosen(help, &FilterHelp::exampleChosen);
    auto* text = help->findChild<QTextBrowser*>("filterHelpText");
    int examples = 0;
    for (auto block = text->document()->begin(); block.isValid(); block = block.next())
      for (auto part = block.begin(); !part.atEnd(); ++part) {
        const QString href = part.fragment().charFormat().anchorHref();
        if (href.isEmpty()) continue;
        emit text->anchorClicked(QUrl(href));
        // HTML makes spaces of its own.
        QCOMPARE(chosen.last().first().toString(), part.fragment().text().replace(QChar::Nbsp, u' '));
        QVERIFY2(Query::parse(chosen.last().first().toString().toStdString()), qPrintable(href));
        ++examples;
      }
    QVERIFY(examples >= 5);
    delete help;
  }

  void aValueIsOfferedFourWays() {
    QMenu menu;
    QStringList got;
    addFilterMenu(menu, "status:OK", "a or b", [&](const QString& text) { got << text; });
    for (const char* name : {"filterOnly", "filterAnd", "filterOr", "filterNot"})
      menu.findChild<QAction*>(name)->trigger();
    QCOMPARE(got,
             (QStringList{"status:OK", "(a or b) status:OK", "a or b or status:OK", "(a or b) -status:OK"}));
  }

  void aFieldBecomesATerm_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("truncated");
    QTest::addColumn<QString>("term");
    QTest::newRow("text") << "items[2].sku"
                          << "string"
                          << "A-17" << false << "resp.items[*].sku=A-17";
    QTest::newRow("with spaces") << "a"
                                 << "string"
                                 << "a \"b\"" << false << "resp.a=\"a \\\"b\\\"\"";
    QTest::newRow("escaped") << "a"
                             << "string"
                             << "one\\ntwo" << false << "resp.a:one";
    QTest::newRow("long") << "a"
                          << "string"
                          << "one" << true << "resp.a:one";
    QTest::newRow("key") << "labels[\"a[1]\"]"
                         << "string"
                         << "x" << false << "resp.labels[\"a[1]\"]=x";
    QTest::newRow("enum") << "colour"
                          << "shop.Colour"
                          << "RED (1)" << false << "resp.colour=RED";
    QTest::newRow("number") << "1.2[0]"
                            << "varint"
                            << "18446744073709551611 (-5)" << false << "resp.1.2[*]=18446744073709551611";
    QTest::newRow("bytes") << "b"
                           << "bytes"
                           << "0a ff" << false << "resp.b=\"0a ff\"";
    QTest::newRow("printable bytes") << "b"
                                     << "bytes"
                                     << "\"abc\"" << false << "resp.b=abc";
    QTest::newRow("empty") << "a"
                           << "string"
                           << "" << false << "resp.a=\"\"";
  }
  void aFieldBecomesATerm() {
    QFETCH(QString, path);
    QFETCH(QString, type);
    QFETCH(QString, value);
    QFETCH(bool, truncated);
    MessageNode node;
    node.type = type.toStdString();
    node.value = value.toStdString();
    node.truncated = truncated;
    const auto term = termOfField("resp", path.toStdString(), node);
    QVERIFY(term);
    QTEST(QString::fromStdString(*term), "term");
    QVERIFY(Query::parse(*term));
  }
};

QTEST_MAIN(tst_FilterBar)
#include "tst_filter_bar.moc"
