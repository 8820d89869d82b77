#include <QPushButton>
#include <QTest>

#include "detail/code_edit.h"
#include "detail/edit_bar.h"
#include "detail/highlighter.h"
#include "detail/json_editor.h"
#include "detail_fixture.h"
#include "schema/json.h"
#include "stall_watchdog.h"

using namespace retake;
using namespace retake::gui;
using retake::test::field;
using retake::test::item;

namespace {

Blob blob(std::string bytes) {
  const auto owner = std::make_shared<const std::string>(std::move(bytes));
  return {*owner, owner};
}

QString jsonOf(const JsonSource& source) {
  const auto json = toJson(*source.schema, source.typeName, source.original.view);
  return json ? QString::fromStdString(json->text) : QString::fromStdString(json.error().message);
}

// Puts the caret behind `where` and types.
void typeAfter(JsonEditor& editor, const QString& where, const QString& text) {
  QTextCursor cursor = editor.edit().document()->find(where);
  QVERIFY(!cursor.isNull());
  cursor.clearSelection();
  editor.edit().setTextCursor(cursor);
  QTest::keyClicks(&editor.edit(), text);
}

}  // namespace

class tst_JsonEditor : public QObject {
  Q_OBJECT
  std::shared_ptr<const Schema> m_shop;

  JsonSource cart() const {
    return {m_shop, "shop.v1.Cart", blob(field(1, "c-1") + field(2, item("A-1", 2)) + field(99, "unknown"))};
  }

 private slots:
  void initTestCase() {
    m_shop = test::shopSchema();
    // One committed value is asked for below.
    qRegisterMetaType<std::string>();
  }

  void commitsAValidTextAsOneMessage() {
    JsonEditor editor;
    editor.open(cart(), jsonOf(cart()), std::nullopt, true);
    editor.show();
    QSignalSpy committed(&editor, &JsonEditor::committed);
    QSignalSpy drafts(&editor, &JsonEditor::draftChanged);
    QVERIFY(QTest::qWaitForWindowExposed(&editor));
    editor.activateWindow();
    editor.edit().setFocus();
    typeAfter(editor, "c-1", "00");
    QVERIFY(editor.hasDraft());
    QVERIFY(!drafts.isEmpty());
    QVERIFY(committed.isEmpty());
    QTest::keyClick(&editor.edit(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(committed.size(), 1);
    QCOMPARE(committed[0][0].value<std::string>(),
             field(1, "c-100") + field(2, item("A-1", 2)) + field(99, "unknown"));
  }

  void saysWhereAnInvalidTextIsWrong() {
    JsonEditor editor;
    editor.open(cart(), jsonOf(cart()), std::nullopt, true);
    editor.show();
    QSignalSpy committed(&editor, &JsonEditor::committed);
    typeAfter(editor, "\"count\": 2", "x");
    QTRY_VERIFY(editor.problem().has_value());
    QVERIFY(editor.edit().errorMark().has_value());
    QCOMPARE(editor.edit().errorMark()->line, 6);
    QCOMPARE(editor.bar().state(), EditBar::State::Invalid);
    QVERIFY2(editor.bar().text().contains("line 6"), qPrintable(editor.bar().text()));
    QVERIFY(!editor.bar().findChild<QPushButton*>("apply")->isEnabled());
    editor.commit();
    QVERIFY(committed.isEmpty());
    // The sentence leads to the place.
    editor.edit().moveCursor(QTextCursor::Start);
    emit editor.bar().placeClicked();
    QCOMPARE(editor.edit().textCursor().blockNumber(), 5);
    QTest::keyClick(&editor.edit(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(!editor.hasDraft());
    QVERIFY(!editor.problem().has_value());
  }

  void namesTheFieldThatDoesNotFit() {
    JsonEditor editor;
    editor.open(cart(), jsonOf(cart()), QString("{\n  \"items\": [{}, {\"count\": \"many\"}]\n}"), true);
    QTRY_VERIFY(editor.problem().has_value());
    QVERIFY2(editor.bar().text().contains("items[1].count"), qPrintable(editor.bar().text()));
  }

  void escapeGoesBackAndCanItselfBeUndone() {
    JsonEditor editor;
    const QString recorded = jsonOf(cart());
    editor.open(cart(), recorded, std::nullopt, true);
    editor.show();
    QVERIFY(QTest::qWaitForWindowExposed(&editor));
    editor.activateWindow();
    editor.edit().setFocus();
    typeAfter(editor, "c-1", "9");
    QSignalSpy drafts(&editor, &JsonEditor::draftChanged);
    editor.discard();
    QCOMPARE(editor.text(), recorded);
    QVERIFY(!editor.hasDraft());
    QCOMPARE(drafts.size(), 1);
    editor.edit().undo();
    QVERIFY(editor.text().contains("c-19"));
    QVERIFY(editor.hasDraft());
  }

  void blanksAreNoEdit() {
    JsonEditor editor;
    editor.open(cart(), jsonOf(cart()), std::nullopt, true);
    editor.show();
    QSignalSpy committed(&editor, &JsonEditor::committed);
    typeAfter(editor, "{", "   ");
    QVERIFY(editor.hasDraft());
    editor.commit();
    QTRY_VERIFY(!editor.hasDraft());
    QVERIFY(committed.isEmpty());
  }

  void editsWithoutASchema() {
    JsonEditor editor;
    JsonSource source = cart();
    source.schema = Schema::builtin();
    editor.open(source, jsonOf(source), std::nullopt, true);
    editor.show();
    QSignalSpy committed(&editor, &JsonEditor::committed);
    typeAfter(editor, "c-1", "00");
    editor.commit();
    QTRY_COMPARE(committed.size(), 1);
    QCOMPARE(committed[0][0].value<std::string>(),
             field(1, "c-100") + field(2, item("A-1", 2)) + field(99, "unknown"));
  }

  void checksLongTextsWithoutHoldingTheWindowUp() {
    std::string bytes;
    for (int i = 0; i < 3000; ++i) bytes += field(2, item("A-" + std::to_string(i), 2));
    const JsonSource source{m_shop, "shop.v1.Cart", blob(bytes)};
    JsonEditor editor;
    editor.resize(600, 400);
    editor.show();
    test::StallWatchdog watchdog;
    editor.open(source, jsonOf(source), std::nullopt, true);
    QTRY_VERIFY(!editor.edit().isFilling());
    QCOMPARE(editor.text(), jsonOf(source));
    QSignalSpy committed(&editor, &JsonEditor::committed);
    typeAfter(editor, "A-2999", "9");
    editor.commit();
    QTRY_COMPARE(committed.size(), 1);
    qInfo("longest stall: %lld ms", static_cast<long long>(watchdog.longest()));
    QVERIFY(watchdog.longest() < test::StallWatchdog::kLimitMs);
  }

  void indentsAsJsonIsWritten() {
    JsonEditor editor;
    editor.open(cart(), QString(), QString("{"), true);
    editor.show();
    editor.edit().moveCursor(QTextCursor::End);
    QTest::keyClick(&editor.edit(), Qt::Key_Return);
    QTest::keyClicks(&editor.edit(), "\"id\": \"x\",");
    QTest::keyClick(&editor.edit(), Qt::Key_Return);
    QTest::keyClick(&editor.edit(), Qt::Key_Tab);
    QTest::keyClick(&editor.edit(), Qt::Key_Backtab);
    QCOMPARE(editor.text(), QString("{\n  \"id\": \"x\",\n  "));
  }

  void findsTokens_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("tokens");
    QTest::newRow("member") << "  'a~'b': 'c', "
                            << "K'a~'b' S'c'";
    QTest::newRow("numbers") << "[1, -2.5e+3, 7]"
                             << "N1 N-2.5e+3 N7";
    QTest::newRow("keywords") << "{'x': true, 'y': null, z}"
                              << "K'x' Wtrue K'y' Wnull";
    QTest::newRow("unclosed") << "'abc"
                              << "S'abc";
    QTest::newRow("ends in a backslash") << "'abc~"
                                         << "S'abc~";
  }
  void findsTokens() {
    QFETCH(QString, line);
    QFETCH(QString, tokens);
    // Rows are written without escapes.
    line.replace(u'\'', u'"').replace(u'~', u'\\');
    tokens.replace(u'\'', u'"').replace(u'~', u'\\');
    std::vector<Token> found;
    scanJsonLine(line, found);
    QStringList words;
    for (const Token& token : found)
      words << QString(QLatin1Char("KSNW"[static_cast<int>(token.kind)])) +
                   line.sliced(token.start, token.length);
    QCOMPARE(words.join(u' '), tokens);
  }
};

QTEST_MAIN(tst_JsonEditor)
#include "tst_json_editor.moc"
