#include <QWheelEvent>

#include "detail/edit_bar.h"
#include "detail_pane_fixture.h"

using namespace retake;
using namespace retake::gui;
using Fixture = retake::test::DetailBench;
using retake::test::field;
using retake::test::item;
using retake::test::shopFile;

// Statuses in the detail pane: edited, put in place of a message, ends of streams.
class tst_DetailStatus : public QObject {
  Q_OBJECT
 private slots:
  void editsAStatus() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(3);
    auto* code = f.pane.findChild<QComboBox*>("statusCode");
    auto* message = f.pane.findChild<QPlainTextEdit*>("statusMessage");
    QVERIFY(code->isVisible());
    QCOMPARE(code->currentData().toInt(), 5);
    QCOMPARE(message->toPlainText(), QStringLiteral("no such sku"));
    QCOMPARE(f.pane.findChild<QListWidget*>("statusDetails")->count(), 1);
    QVERIFY(f.pane.findChild<CodeEdit*>("statusDetailText")->toPlainText().contains("SOLD_OUT"));
    code->setCurrentIndex(code->findData(8));
    message->setPlainText("too many");
    QCOMPARE(f.drafts.count(), 1);
    // Left and come back to, it is as it was typed.
    f.select(0);
    f.select(3);
    QCOMPARE(message->toPlainText(), QStringLiteral("too many"));
    QCOMPARE(code->currentData().toInt(), 8);
    f.pane.entryView().status().commit();
    QCOMPARE(f.drafts.count(), 0);
    const auto status = parseStatus(f.message(3));
    QVERIFY(status);
    QCOMPARE(status->code, 8);
    QCOMPARE(status->message, std::string("too many"));
    QCOMPARE(status->details.size(), std::size_t{1});
    QCOMPARE(status->details[0].value, field(1, "SOLD_OUT"));
    QCOMPARE(f.document.undoStack().count(), 1);
  }

  void editsADetailAndRefusesOneThatDoesNotFit() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(3);
    auto* text = f.pane.findChild<CodeEdit*>("statusDetailText");
    text->setPlainText("{\"reason\": 3}");
    QCOMPARE(f.pane.entryView().status().bar().state(), EditBar::State::Invalid);
    f.pane.entryView().status().commit();
    QCOMPARE(f.document.undoStack().count(), 0);
    text->setPlainText("{\"reason\": \"GONE\"}");
    auto* type = f.pane.findChild<QComboBox*>("statusDetailType");
    type->setCurrentText("google.rpc.RetryInfo");
    f.pane.findChild<QPushButton*>("addDetail")->click();
    f.pane.findChild<CodeEdit*>("statusDetailText")->setPlainText("{\"retryDelay\": \"1.5s\"}");
    f.pane.entryView().status().commit();
    const auto status = parseStatus(f.message(3));
    QVERIFY(status);
    QCOMPARE(status->details.size(), std::size_t{2});
    QCOMPARE(status->details[0].value, field(1, "GONE"));
    QCOMPARE(status->details[1].typeUrl, std::string("type.googleapis.com/google.rpc.RetryInfo"));
    QCOMPARE(status->details[1].value,
             field(1, field(1, std::uint64_t{1}) + field(2, std::uint64_t{500'000'000})));
  }

  void replacesAMessageByAStatusAndBack() {
    Fixture f;
    QVERIFY(f.begin(false));
    f.select(1);
    f.trigger(f.actions().replaceByStatus);
    QCOMPARE(f.drafts.count(), 1);
    QCOMPARE(f.document.undoStack().count(), 0);
    f.pane.findChild<QPlainTextEdit*>("statusMessage")->setPlainText("try later");
    f.pane.entryView().status().commit();
    QCOMPARE(f.entry(1).fields.statusCode, 14);
    QCOMPARE(f.drafts.count(), 0);
    QCOMPARE(f.label("callStatus"), QStringLiteral("✗ UNAVAILABLE"));

    // The other call's answer is a status by now as well: only the schema tells the type.
    f.trigger(f.actions().replaceByMessage);
    QCOMPARE(f.drafts.count(), 0);
    QVERIFY(f.loadSchemaToo());
    f.trigger(f.actions().replaceByMessage);
    QCOMPARE(f.drafts.count(), 1);
    f.json().edit().setPlainText("{\"id\": \"new\"}");
    f.json().commit();
    QTRY_COMPARE(f.message(1), field(1, "new"));
    QVERIFY(!f.entry(1).fields.isError);
    QCOMPARE(f.entry(1).fields.typeUrl, std::string_view("type.googleapis.com/shop.v1.Cart"));
  }

  void aStatusThatIsNotWantedAfterAllIsDiscarded() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(1);
    f.trigger(f.actions().replaceByStatus);
    f.pane.entryView().status().discard();
    QCOMPARE(f.drafts.count(), 0);
    QVERIFY(f.tree().isVisible() || f.json().isVisible());
    QCOMPARE(f.label("messageType"), QStringLiteral("shop.v1.Cart"));
  }

  void endsAStreamThatHasNoEnd() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(7);
    QVERIFY(!f.actions().addEnd->isEnabled());
    f.select(11);
    const auto size = f.document.snapshot().recording->size();
    f.trigger(f.actions().addEnd);
    auto* code = f.pane.findChild<QComboBox*>("statusCode");
    QVERIFY(code->isVisible());
    QCOMPARE(code->currentData().toInt(), 0);
    code->setCurrentIndex(code->findData(11));
    f.pane.entryView().status().commit();
    QCOMPARE(f.document.snapshot().recording->size(), size + 1);
    QCOMPARE(f.selection.entry(), f.idAt(size));
    QCOMPARE(f.entry(size).fields.statusCode, 11);
    QVERIFY(f.entry(size).fields.isError);
    // And takes it away again.
    f.trigger(f.actions().revert);
    QCOMPARE(f.document.snapshot().recording->size(), size);
  }

  void answersARequestThatHasNone() {
    test::ReplayFile file = shopFile();
    file.request("/shop.v1.Shop/Add", {"shop.v1.Item", item("A-9", 1)});
    Fixture f;
    QVERIFY(f.open(file));
    f.select(13);
    QCOMPARE(f.label("callStatus"), QStringLiteral("– no response"));
    f.trigger(f.actions().addEnd);
    QCOMPARE(f.document.undoStack().count(), 1);
    QCOMPARE(f.selection.entry(), f.idAt(14));
    QCOMPARE(f.pane.findChild<QComboBox*>("statusCode")->currentData().toInt(), 14);
    f.document.undoStack().undo();
    QCOMPARE(f.label("callStatus"), QStringLiteral("– no response"));
  }

  void theEndOfAStreamBecomesAnError() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(8);
    auto* code = f.pane.findChild<QComboBox*>("statusCode");
    QCOMPARE(code->currentData().toInt(), 0);
    code->setCurrentIndex(code->findData(13));
    f.pane.entryView().status().commit();
    QCOMPARE(f.entry(8).fields.statusCode, 13);
  }

  void theWheelDoesNotChooseACode() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(3);
    auto* code = f.pane.findChild<QComboBox*>("statusCode");
    const int before = code->currentIndex();
    QVERIFY(!code->hasFocus());
    QWheelEvent wheel(QPointF(5, 5), code->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(code, &wheel);
    QCOMPARE(code->currentIndex(), before);
    QVERIFY(!code->hasFocus());
  }

  void applyingAStatusLeavesTheFocusWhereItIs() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(3);
    auto* message = f.pane.findChild<QPlainTextEdit*>("statusMessage");
    message->setFocus();
    message->setPlainText("gone");
    f.pane.entryView().status().commit();
    QCOMPARE(f.document.undoStack().count(), 1);
    QCOMPARE(f.pane.focusWidget(), message);
    f.document.undoStack().undo();
    QCOMPARE(f.pane.focusWidget(), message);
  }

  void aDetailShowsFiveLinesInALowPane() {
    Fixture f;
    f.pane.resize(640, 160);
    QVERIFY(f.begin(true));
    f.select(3);
    auto* text = f.pane.findChild<CodeEdit*>("statusDetailText");
    QVERIFY(text);
    QTRY_VERIFY(text->height() >= 5 * text->fontMetrics().lineSpacing());
  }
};

QTEST_MAIN(tst_DetailStatus)
#include "tst_detail_status.moc"
