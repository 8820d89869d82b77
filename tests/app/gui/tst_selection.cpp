#include "document/selection.h"

#include <QTest>

#include "opened_document.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::OpenedDocument;

class tst_Selection : public QObject {
  Q_OBJECT
 private slots:
  void aCallIsSelectedWithItsAnswer() {
    OpenedDocument o;
    Selection selection(o.document);
    QVERIFY(o.open(cartFile()));
    selection.selectCall(1);
    QCOMPARE(selection.call(), std::optional(1u));
    QCOMPARE(selection.entry(), o.idAt(3));
    selection.selectCall(2);  // a stream: its first message received
    QCOMPARE(selection.entry(), o.idAt(6));
    selection.selectCall(3);  // no answer: the request
    QCOMPARE(selection.entry(), o.idAt(9));
    selection.selectCall(99);
    QCOMPARE(selection.call(), std::optional(3u));
  }

  void anEntrySelectsItsCall() {
    OpenedDocument o;
    Selection selection(o.document);
    QVERIFY(o.open(cartFile()));
    QSignalSpy calls(&selection, &Selection::callChanged);
    QSignalSpy entries(&selection, &Selection::entryChanged);
    selection.selectEntry(o.idAt(7));
    QCOMPARE(selection.call(), std::optional(2u));
    selection.selectEntry(o.idAt(5));
    QCOMPARE(calls.size(), 1);
    QCOMPARE(entries.size(), 2);
  }

  void walksBackAndForth() {
    OpenedDocument o;
    Selection selection(o.document);
    QVERIFY(o.open(cartFile()));
    QVERIFY(!selection.canGoBack());
    for (const std::uint32_t call : {0u, 1u, 2u}) selection.selectCall(call);
    selection.selectEntry(o.idAt(7));  // within the call: no place of its own
    selection.goBack();
    QCOMPARE(selection.call(), std::optional(1u));
    selection.goBack();
    QCOMPARE(selection.call(), std::optional(0u));
    QVERIFY(!selection.canGoBack());
    selection.goForward();
    selection.goForward();
    QCOMPARE(selection.entry(), o.idAt(7));
    QVERIFY(!selection.canGoForward());
    selection.goBack();
    selection.selectCall(3);
    QVERIFY(!selection.canGoForward());
    selection.goBack();
    QCOMPARE(selection.call(), std::optional(1u));
  }

  void survivesEditsAndUndo() {
    OpenedDocument o;
    Selection selection(o.document);
    QVERIFY(o.open(cartFile()));
    selection.selectEntry(o.idAt(3));
    QCOMPARE(o.document.push(Repair{Repair::Kind::RemoveEntry, o.idAt(0)}), std::nullopt);
    QCOMPARE(selection.entry(), EntryId{4});
    QCOMPARE(selection.call(), std::optional(0u));
    o.document.undoStack().undo();
    QCOMPARE(selection.call(), std::optional(1u));
  }

  void letsGoOfWhatARepairTookAway() {
    OpenedDocument o;
    Selection selection(o.document);
    QVERIFY(o.open(cartFile()));
    selection.selectEntry(o.idAt(7));
    QCOMPARE(o.document.push(Repair{Repair::Kind::RemoveEntry, o.idAt(7)}), std::nullopt);
    QCOMPARE(selection.call(), std::optional(2u));
    QCOMPARE(selection.entry(), o.idAt(4));
    selection.selectCall(3);
    QCOMPARE(o.document.push(Repair{Repair::Kind::RemoveEntry, selection.entry()}), std::nullopt);
    QCOMPARE(selection.call(), std::nullopt);
    QVERIFY(!selection.entry());
  }

  void anotherFileClearsIt() {
    OpenedDocument o;
    Selection selection(o.document);
    QVERIFY(o.open(cartFile()));
    selection.selectCall(2);
    QVERIFY(o.open(o.write("second.replay", cartFile().bytes())));
    QCOMPARE(selection.call(), std::nullopt);
    QVERIFY(!selection.canGoBack());
  }
};

QTEST_MAIN(tst_Selection)
#include "tst_selection.moc"
