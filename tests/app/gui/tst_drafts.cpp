#include <QTest>

#include "detail_fixture.h"

using namespace retake;
using namespace retake::gui;
using retake::test::OpenedShop;
using retake::test::shopFile;

class tst_Drafts : public QObject {
  Q_OBJECT
 private slots:
  void areKeptByEntry() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    QSignalSpy changed(&shop.drafts, &Drafts::changed);
    shop.drafts.set(shop.idAt(5), {Draft::Kind::Message, "{ later"});
    shop.drafts.set(shop.idAt(1), {Draft::Kind::Message, "{ early"});
    QCOMPARE(shop.drafts.count(), 2);
    QCOMPARE(shop.drafts.text(shop.idAt(5)), std::optional<QString>("{ later"));
    QCOMPARE(shop.drafts.text(shop.idAt(2)), std::nullopt);
    QCOMPARE(shop.drafts.first(), std::optional(shop.idAt(1)));
    QCOMPARE(changed.size(), 2);
    shop.drafts.set(shop.idAt(1), {Draft::Kind::Message, "{ early"});
    QCOMPARE(changed.size(), 2);
    shop.drafts.remove(shop.idAt(1));
    shop.drafts.remove(shop.idAt(1));
    QCOMPARE(changed.size(), 3);
    QCOMPARE(shop.drafts.count(), 1);
  }

  void surviveUndoAndSelection() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    shop.drafts.set(shop.idAt(1), {Draft::Kind::Message, "{"});
    QVERIFY(!shop.document.push(ReplaceInitialState{"x"}));
    shop.document.undoStack().undo();
    shop.selection.selectCall(2);
    QCOMPARE(shop.drafts.text(shop.idAt(1)), std::optional<QString>("{"));
  }

  void stayWhileTheirEntryIsGone() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    const EntryId last = shop.idAt(shop.document.snapshot().recording->size() - 1);
    shop.drafts.set(last, {Draft::Kind::Message, "{"});
    QVERIFY(!shop.document.push(Repair{Repair::Kind::RemoveEntry, last}));
    QCOMPARE(shop.drafts.count(), 1);
    QCOMPARE(shop.drafts.first(), std::nullopt);
    shop.document.undoStack().undo();
    QCOMPARE(shop.drafts.first(), std::optional(last));
  }

  void goWithTheirFile() {
    OpenedShop shop;
    QVERIFY(shop.open(shopFile()));
    shop.drafts.set(shop.idAt(1), {Draft::Kind::Message, "{"});
    QVERIFY(shop.open(shop.write("other.replay", shopFile().bytes())));
    QCOMPARE(shop.drafts.count(), 0);
  }
};

QTEST_MAIN(tst_Drafts)
#include "tst_drafts.moc"
