#include <QWheelEvent>

#include "detail/code_edit.h"
#include "detail/detail_pane.h"
#include "detail/edit_bar.h"
#include "detail/hex_view.h"
#include "detail/json_editor.h"
#include "detail/message_tree_model.h"
#include "detail/message_tree_view.h"
#include "detail/segmented_switch.h"
#include "detail/status_editor.h"
#include "detail/text_label.h"
#include "detail_pane_fixture.h"
#include "stall_watchdog.h"

using namespace retake;
using namespace retake::gui;
using Fixture = retake::test::DetailBench;
using retake::test::field;
using retake::test::item;
using retake::test::OpenedShop;
using retake::test::shopFile;

class tst_DetailPane : public QObject {
  Q_OBJECT

 private:
  QLineEdit* openLeaf(Fixture& f) {
    f.trigger(f.actions().tree);
    const QModelIndex value = f.tree().treeModel().index(1, MessageTreeModel::ValueColumn);
    f.tree().setFocus();
    f.tree().setCurrentIndex(value);
    f.tree().edit(value);
    for (auto* edit : f.tree().findChildren<QLineEdit*>("leafEditor"))
      if (!edit->isHidden()) return edit;  // one that was closed is there until the event loop deletes it
    return nullptr;
  }

 private slots:
  void saysWhatWouldBeHere() {
    Document document;
    Selection selection(document);
    Drafts drafts(document);
    DetailPane pane(document, selection, drafts);
    pane.show();
    QVERIFY(pane.findChild<TextLabel*>("entryNotice")->text().contains("Choose a call"));
    QVERIFY(!pane.findChild<QWidget*>("detailHeader")->isVisible());
  }

  void showsTheCallAndItsHalves() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.selection.selectCall(1);
    QCOMPARE(f.label("callNumber"), QStringLiteral("Call 2"));
    QCOMPARE(f.label("callMethod"), QStringLiteral("shop.v1.Shop/Add"));
    QCOMPARE(f.label("callKind"), QStringLiteral("unary"));
    QCOMPARE(f.label("callStatus"), QStringLiteral("✗ NOT_FOUND"));
    auto* halves = f.pane.findChild<SegmentedSwitch*>("callHalves");
    QCOMPARE(halves->current(), 1);
    halves->findChild<QAbstractButton*>("segment0")->click();
    QCOMPARE(f.selection.entry(), f.idAt(2));
    QCOMPARE(f.label("messageType"), QStringLiteral("shop.v1.Item"));
  }

  void walksThroughAStream() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(5);
    QVERIFY2(f.label("messagePlace").contains("message 1 of 3, sent"), qPrintable(f.label("messagePlace")));
    f.trigger(f.pane.goActions()[1]);
    QVERIFY(f.label("messagePlace").contains("message 2 of 3, received"));
    f.trigger(f.pane.goActions()[1]);
    f.trigger(f.pane.goActions()[1]);
    QCOMPARE(f.selection.entry(), f.idAt(8));
    QVERIFY(f.label("messagePlace").contains("end of the stream"));
    QVERIFY(!f.pane.goActions()[1]->isEnabled());
    f.trigger(f.pane.goActions()[0]);
    QCOMPARE(f.selection.entry(), f.idAt(7));
  }

  void editsAResponseAsJson() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(1);
    const std::string before = f.message(1);
    f.trigger(f.actions().json);
    f.replace("\"count\": 2", "\"count\": 250");
    QCOMPARE(f.drafts.count(), 1);
    QCOMPARE(f.message(1), before);
    f.json().commit();
    QTRY_COMPARE(f.message(1), field(1, "cart") + field(2, item("A-1", 250)));
    QCOMPARE(f.drafts.count(), 0);
    QCOMPARE(f.document.undoStack().count(), 1);
    QVERIFY(f.pane.entryView().isEdited());
    QVERIFY(f.pane.findChild<SegmentedSwitch*>("callHalves")
                ->findChild<QAbstractButton*>("segment1")
                ->text()
                .contains("✎"));
    QVERIFY(f.json().text().contains("250"));
    f.document.undoStack().undo();
    QCOMPARE(f.message(1), before);
    QVERIFY(!f.json().text().contains("250"));
    QVERIFY(!f.pane.entryView().isEdited());
    f.document.undoStack().redo();
    QVERIFY(f.json().text().contains("250"));
    QCOMPARE(f.actions().json->isEnabled(), true);
  }

  void keepsAnInvalidDraftAndShowsItAgain() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(1);
    const std::string before = f.message(1);
    f.trigger(f.actions().json);
    f.replace("\"count\": 2", "\"count\": two");
    f.trigger(f.actions().tree);
    f.select(6);
    QCOMPARE(f.drafts.count(), 1);
    QVERIFY(!f.document.isModified());
    // What is saved is what is recorded.
    const QString path = f.folder.filePath("saved.replay");
    QSignalSpy saved(&f.document, &Document::saved);
    f.document.saveAs(path);
    QTRY_COMPARE(saved.size(), 1);
    QCOMPARE(OpenedShop::read(path), QByteArray::fromStdString(shopFile().bytes()));

    f.select(1);
    QCOMPARE(f.pane.entryView().message().view(), MessageViewKind::Json);
    QVERIFY(f.json().text().contains("two"));
    QTRY_COMPARE(f.json().bar().state(), EditBar::State::Invalid);
    QVERIFY2(f.json().bar().text().contains("line 6"), qPrintable(f.json().bar().text()));
    QCOMPARE(f.message(1), before);
    // An undo elsewhere leaves it alone.
    QVERIFY(!f.document.push(ReplaceInitialState{"x"}));
    f.document.undoStack().undo();
    QVERIFY(f.json().text().contains("two"));
    f.json().discard();
    QCOMPARE(f.drafts.count(), 0);
    QVERIFY(!f.json().text().contains("two"));
  }

  void keepsADraftThroughAnEditOfTheSameEntry() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(1);
    f.trigger(f.actions().json);
    f.replace("cart", "draft");
    QVERIFY(!f.document.push(ReplaceMessage{f.idAt(1), field(1, "from elsewhere"), {}}));
    QVERIFY(f.json().text().contains("draft"));
    QCOMPARE(f.drafts.count(), 1);
    f.json().discard();
    QVERIFY(f.json().text().contains("from elsewhere"));
  }

  void editsALeafInPlace_data() {
    QTest::addColumn<bool>("withSchema");
    QTest::newRow("with a schema") << true;
    QTest::newRow("without one") << false;
  }
  void editsALeafInPlace() {
    QFETCH(bool, withSchema);
    Fixture f;
    QVERIFY(f.begin(withSchema));
    f.select(1);
    f.trigger(f.actions().tree);
    auto& model = f.tree().treeModel();
    const QModelIndex count = model.index(1, 0, model.index(1, 0));
    QCOMPARE(count.data().toString(), withSchema ? QStringLiteral("count") : QStringLiteral("2"));
    f.tree().setCurrentIndex(count);
    f.tree().setFocus();
    QTest::keyClick(&f.tree(), Qt::Key_F2);
    auto* edit = f.tree().findChild<QLineEdit*>("leafEditor");
    QVERIFY(edit);
    QCOMPARE(edit->text(), QStringLiteral("2"));
    edit->selectAll();
    QTest::keyClicks(edit, "many");
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(f.document.undoStack().count(), 0);
    QVERIFY(f.tree().findChild<QLineEdit*>("leafEditor"));  // what does not fit is not dropped
    edit->selectAll();
    QTest::keyClicks(edit, "900");
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(f.message(1), field(1, "cart") + field(2, item("A-1", 900)));
    QCOMPARE(f.document.undoStack().count(), 1);
    // The branch is still open, and the same field current.
    QVERIFY(f.tree().isExpanded(model.index(1, 0)));
    QCOMPARE(f.tree().currentNode()->value, std::string("900"));
    f.document.undoStack().undo();
    QCOMPARE(f.tree().currentNode()->value, std::string("2"));
  }

  // What is typed into a line edit belongs to the message it was opened on, wherever one goes from there.
  void aLeafEditEndsInItsOwnMessage_data() {
    QTest::addColumn<int>("next");
    QTest::newRow("another message of that type") << 0;
    QTest::newRow("a status") << 3;
    QTest::newRow("a message of another type") << 6;
    QTest::newRow("the opening of a stream") << 4;
  }
  void aLeafEditEndsInItsOwnMessage() {
    QFETCH(int, next);
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(5);
    f.trigger(f.actions().tree);
    const QModelIndex value = f.tree().treeModel().index(0, MessageTreeModel::ValueColumn);
    f.tree().setCurrentIndex(value);
    f.tree().edit(value);
    auto* edit = f.tree().findChild<QLineEdit*>("leafEditor");
    QVERIFY(edit);
    edit->setText("B-7");
    const std::string other = f.message(static_cast<std::uint32_t>(next));
    f.select(static_cast<std::uint32_t>(next));
    QTRY_COMPARE(f.message(5), item("B-7", 1));
    QCOMPARE(f.message(static_cast<std::uint32_t>(next)), other);
    QCOMPARE(f.document.undoStack().count(), 1);
    QCOMPARE(f.selection.entry(), f.idAt(static_cast<std::uint32_t>(next)));
  }

  void whatIsTypedIntoAFieldIsADraftUntilItIsApplied() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(0);
    auto* edit = openLeaf(f);
    QVERIFY(edit);
    QCOMPARE(f.drafts.count(), 0);
    edit->setText("777");
    QCOMPARE(f.drafts.count(), 1);
    QCOMPARE(f.drafts.first(), std::optional(f.idAt(0)));
    f.pane.finishEditing();
    QCOMPARE(f.message(0), item("A-1", 777));  // at once
    QCOMPARE(f.drafts.count(), 0);
    QCOMPARE(f.document.undoStack().count(), 1);
    edit = openLeaf(f);
    QVERIFY(edit);
    edit->setText("778");
    QTest::keyClick(edit, Qt::Key_Escape);
    QCOMPARE(f.drafts.count(), 0);
    QCOMPARE(f.message(0), item("A-1", 777));
  }

  void textThatDoesNotFitAFieldIsKept() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(0);
    auto* edit = openLeaf(f);
    QVERIFY(edit);
    edit->setText("7x");
    f.pane.finishEditing();
    QCOMPARE(f.drafts.count(), 1);
    QCOMPARE(f.document.undoStack().count(), 0);
    f.select(1);
    QCOMPARE(f.drafts.count(), 1);
    f.select(0);
    QVERIFY2(f.noteText().contains("7x"), qPrintable(f.noteText()));
    edit = openLeaf(f);
    QVERIFY(edit);
    QCOMPARE(edit->text(), QStringLiteral("7x"));
    QTest::keyClick(edit, Qt::Key_Escape);
    QCOMPARE(f.drafts.count(), 0);
    QVERIFY(!f.noteText().contains("7x"));
  }

  void aSchemaThatComesDuringAnEditTakesNothingAway() {
    Fixture f;
    QVERIFY(f.begin(false));
    f.select(0);
    auto* edit = openLeaf(f);
    QVERIFY(edit);
    edit->setText("777");
    QVERIFY(f.loadSchemaToo());
    // Applied, typed on in the line edit, or told in a note: never gone.
    QTRY_VERIFY(f.message(0) == item("A-1", 777) || f.drafts.count() == 1);
    QVERIFY(f.message(0) == item("A-1", 777) || f.noteText().contains("777"));
  }

  // A long text is checked elsewhere; the answer comes when another entry is shown.
  void aLateCommitDoesNotTouchAnotherEntry() {
    std::string big = field(1, "big");
    for (int i = 0; i < 8'000; ++i) big += field(2, item("A-" + std::to_string(i), 2));
    test::ReplayFile file = shopFile();
    file.unary("/shop.v1.Shop/Add", {"shop.v1.Item", item("A-1", 2)}, {"shop.v1.Cart", big});
    Fixture f;
    QVERIFY(f.open(file));
    QVERIFY(f.loadSchemaToo());
    f.select(14);
    f.trigger(f.actions().json);
    QTRY_VERIFY(!f.json().edit().isFilling() && f.json().text().contains("A-7999"));
    f.replace("\"big\"", "\"bigger\"");
    f.json().commit();
    f.select(3);
    const std::string status = f.message(3);
    QTest::qWait(50);
    QTRY_VERIFY(f.drafts.count() == 1 || f.document.undoStack().count() == 1);
    QCOMPARE(f.message(3), status);
    f.select(14);
    QTRY_VERIFY(f.message(14) != big || f.json().text().contains("bigger"));
  }

  void revertsToWhatWasRecorded() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(1);
    QVERIFY(!f.actions().revert->isEnabled());
    QVERIFY(!f.document.push(ReplaceStatus{f.idAt(1), Status{14, "away", {}}}));
    QVERIFY(f.actions().revert->isEnabled());
    f.trigger(f.actions().revert);
    QCOMPARE(f.entry(1).bytes.view, f.document.opened().recording->entry(1)->bytes.view);
    QVERIFY(!f.actions().revert->isEnabled());
    QCOMPARE(f.document.undoStack().count(), 2);
    f.document.undoStack().undo();
    QCOMPARE(f.entry(1).fields.statusCode, 14);
  }

  // One half of a call that was added is no call.
  void takingBackAnEntryOfAnAddedCallTakesTheCall() {
    Fixture f;
    QVERIFY(f.begin(true));
    const Snapshot& s = f.document.snapshot();
    const std::uint32_t before = s.recording->size();
    const auto copy = copyOfCall(*s.recording, (*s.calls)[0]);
    QVERIFY(copy);
    QVERIFY(!f.document.push(*copy));
    f.selection.selectCall(1);
    QCOMPARE(f.label("editedMark"), QString::fromUtf8("✎ added"));
    QCOMPARE(f.actions().revert->iconText(), QStringLiteral("Delete call"));
    f.trigger(f.actions().revert);
    QCOMPARE(f.document.snapshot().recording->size(), before);
    QCOMPARE(changedEntries(*f.document.opened().recording, *f.document.snapshot().recording).size(),
             std::size_t{0});
  }

  void hexMarksTheFieldOfTheTree() {
    Fixture f;
    QVERIFY(f.begin(true));
    f.select(1);
    f.trigger(f.actions().tree);
    auto& model = f.tree().treeModel();
    f.tree().setCurrentIndex(model.index(1, 0, model.index(1, 0)));
    f.trigger(f.actions().hex);
    const HexView& hex = f.pane.entryView().message().hex();
    QVERIFY(hex.isVisible());
    QCOMPARE(hex.highlightOffset(), field(1, "cart").size() + 2 + field(1, "A-1").size());
    QCOMPARE(hex.highlightLength(), 2u);
  }

  void readsThroughASchemaThatComesLater() {
    Fixture f;
    QVERIFY(f.begin(false));
    f.select(1);
    QSignalSpy wanted(&f.pane, &DetailPane::schemaWanted);
    auto* offer = f.pane.findChild<QPushButton*>("noteAction");
    QVERIFY(offer);
    offer->click();
    QCOMPARE(wanted.size(), 1);
    f.trigger(f.actions().json);
    QVERIFY(f.json().text().contains("1:string"));
    QVERIFY(f.loadSchemaToo());
    QVERIFY2(f.json().text().contains("\"id\": \"cart\""), qPrintable(f.json().text()));
  }

  void aSchemaThatComesLaterOpensTheTree() {
    Fixture f;
    QVERIFY(f.begin(false));
    f.select(1);
    f.trigger(f.actions().tree);
    f.tree().collapseAll();
    QVERIFY(f.loadSchemaToo());
    const QModelIndex items = f.tree().treeModel().index(1, 0);
    QCOMPARE(items.data().toString(), QStringLiteral("items[0]"));
    QVERIFY(f.tree().isExpanded(items));
  }

  void aMessageWithoutFieldsSaysWhatCanBeDone() {
    test::ReplayFile file = shopFile();
    file.unary("/shop.v1.Shop/Add", {"shop.v1.Item", ""}, {"shop.v1.Cart", ""});
    Fixture f;
    QVERIFY(f.open(file));
    f.select(13);
    f.trigger(f.actions().tree);
    QVERIFY2(f.noteText().contains("No field is set"), qPrintable(f.noteText()));
    f.select(0);
    QVERIFY(!f.noteText().contains("No field is set"));
  }

  void largeMessagesAreDecodedElsewhere() {
    std::string big = field(1, "big");
    for (int i = 0; i < 60'000; ++i) big += field(2, item("A-" + std::to_string(i), 2));
    test::ReplayFile file;
    file.unary("/shop.v1.Shop/Add", {"shop.v1.Item", item("A-1", 2)}, {"shop.v1.Cart", big});
    Fixture f;
    QVERIFY(f.open(file));
    QVERIFY(f.loadSchemaToo());
    test::StallWatchdog watchdog;
    f.select(1);
    QVERIFY(f.pane.entryView().message().isDecoding());
    QVERIFY(f.pane.findChild<TextLabel*>("decodingHint")->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(f.tree().isVisible(), 20'000);
    QVERIFY(f.tree().treeModel().rowCount() > 30'000);
    f.trigger(f.actions().json);
    QTRY_VERIFY_WITH_TIMEOUT(f.json().isVisible() && !f.json().edit().isFilling(), 20'000);
    QVERIFY(f.json().edit().isReadOnly());
    QVERIFY(f.json().text().size() < 1'100'000);
    auto* load = f.pane.findChild<QPushButton*>("noteAction");
    QVERIFY(load);
    load->click();
    QTRY_VERIFY_WITH_TIMEOUT(!f.json().edit().isReadOnly(), 60'000);
    QVERIFY(f.json().text().contains("A-59999"));
    qInfo("longest stall: %lld ms", static_cast<long long>(watchdog.longest()));
    QVERIFY(watchdog.longest() < test::StallWatchdog::kLimitMs);
  }

  void showsWhatIsNoEntryAsBytes() {
    test::ReplayFile file = shopFile();
    file.record("\xff\xff\xff");
    Fixture f;
    QVERIFY(f.open(file));
    const auto last = f.document.snapshot().recording->size() - 1;
    f.select(last);
    auto* hex = f.pane.findChild<HexView*>("entryHex");
    if (f.selection.entry() == f.idAt(last)) {
      QVERIFY(hex->isVisible());
      QCOMPARE(hex->size(), 3u);
    }
  }
};

QTEST_MAIN(tst_DetailPane)
#include "tst_detail_pane.moc"
