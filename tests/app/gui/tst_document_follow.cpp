#include <QtTest>

#include "calls/call_rows.h"
#include "document/file_follower.h"
#include "growing_file.h"
#include "opened_document.h"
#include "support/dump.h"

using namespace retake;
using namespace retake::gui;
using namespace retake::test;

namespace {

struct Followed : OpenedDocument {
  GrowingFile file{folder.filePath("live.replay")};
  FileFollower follower{document};

  void begin() {
    file.call();
    file.call();
    if (!open(file.path())) qFatal("cannot open the test file");
    follower.start();
    if (!follower.isFollowing()) qFatal("cannot follow the test file");
  }
  // True when all of the file is shown.
  bool shows(std::uint32_t calls) {
    return QTest::qWaitFor([&] { return document.snapshot().calls->size() == calls; });
  }
  std::string shown() const { return dump(*document.snapshot().recording); }
  std::string firstRequest() const {
    return std::string(document.snapshot().recording->entry(0)->fields.message);
  }
  void replaceFirst(const std::string& with) {
    if (const auto why = document.push(ReplaceMessage{idAt(0), with, {}})) qFatal("%s", qPrintable(*why));
  }
};

}  // namespace

class tst_DocumentFollow : public QObject {
  Q_OBJECT
 private slots:
  void showsWhatIsAppended() {
    Followed f;
    f.begin();
    QSignalSpy modified(&f.document, &Document::modifiedChanged);
    for (std::uint32_t calls = 3; calls < 6; ++calls) {
      f.file.call();
      QVERIFY(f.shows(calls));
      QCOMPARE(f.follower.newCalls(), calls - 2);
    }
    QVERIFY(!f.document.isModified());
    QVERIFY(modified.isEmpty());
    QVERIFY(f.document.editedEntries().empty());
    QCOMPARE(f.shown(), dump(*readRecording(f.file.bytes())));
  }

  void whatIsHalfThereIsAwaitedAndIsTheTailInTheEnd() {
    Followed f;
    f.begin();
    f.file.call();
    f.file.writeHalf();
    QVERIFY(f.shows(3));
    QCOMPARE(f.document.snapshot().recording->tailSize(), std::uint64_t{0});
    f.follower.stop();
    QVERIFY(!f.follower.isFollowing());
    QVERIFY(f.document.snapshot().recording->tailSize() > 0);
    QTRY_COMPARE(f.document.problems().size(), std::size_t{1});
  }

  // The edit of before stays an edit, and undo takes it back and nothing else.
  void undoTakesBackTheEditAndNotWhatCameLater() {
    Followed f;
    f.begin();
    const std::string before = f.firstRequest();
    f.replaceFirst("\x0a\x01x");
    f.file.call();
    QVERIFY(f.shows(3));
    f.replaceFirst("\x0a\x01y");
    f.file.call();
    QVERIFY(f.shows(4));
    QVERIFY(f.document.isModified());
    QCOMPARE(f.firstRequest(), std::string("\x0a\x01y"));
    f.document.undoStack().undo();
    QCOMPARE(f.firstRequest(), std::string("\x0a\x01x"));
    QCOMPARE(f.document.snapshot().calls->size(), 4u);
    f.document.undoStack().undo();
    QCOMPARE(f.firstRequest(), before);
    QCOMPARE(f.document.snapshot().calls->size(), 4u);
    QVERIFY(!f.document.isModified());
    QCOMPARE(f.shown(), dump(*readRecording(f.file.bytes())));
    f.file.call();
    QVERIFY(f.shows(5));
    QVERIFY(!f.document.isModified());
    f.document.undoStack().redo();
    f.document.undoStack().redo();
    QCOMPARE(f.firstRequest(), std::string("\x0a\x01y"));
    QCOMPARE(f.document.snapshot().calls->size(), 5u);
    QCOMPARE(f.document.editedEntries().size(), std::size_t{1});
  }

  void aDeletedCallIsBackWithWhatItGotMeanwhile() {
    Followed f;
    f.begin();
    const std::uint32_t open = f.file.request();
    QVERIFY(f.shows(3));
    const Call call = (*f.document.snapshot().calls)[2];
    QVERIFY(!f.document.push(RemoveCall{f.idAt(call.first)}));
    QCOMPARE(f.document.snapshot().calls->size(), 2u);
    f.file.response(open);
    f.file.call();
    QVERIFY(f.shows(3));
    f.document.undoStack().undo();
    QCOMPARE(f.document.snapshot().calls->size(), 4u);
    QCOMPARE((*f.document.snapshot().calls)[2].rest.size(), std::size_t{1});
    QCOMPARE(f.shown(), dump(*readRecording(f.file.bytes())));
    f.document.undoStack().redo();
    QCOMPARE(f.document.snapshot().calls->size(), 3u);
  }

  void aCallThatIsInsertedKeepsItsIdAndTheNewOnesGetOthers() {
    Followed f;
    f.begin();
    const auto copy = copyOfCall(*f.document.snapshot().recording, (*f.document.snapshot().calls)[0]);
    QVERIFY(copy);
    QVERIFY(!f.document.push(*copy));
    const EntryId inserted = f.idAt(2);
    f.file.call();
    QVERIFY(f.shows(4));
    QCOMPARE(f.idAt(2), inserted);
    f.document.undoStack().undo();
    QCOMPARE(f.document.snapshot().calls->size(), 3u);
    QVERIFY(!f.document.snapshot().recording->position(inserted));
    f.document.undoStack().redo();
    QCOMPARE(f.document.snapshot().calls->size(), 4u);
    QCOMPARE(f.document.editedEntries().size(), std::size_t{2});
  }

  void aFollowedFileIsNotSavedOverButElsewhere() {
    Followed f;
    f.begin();
    f.replaceFirst("\x0a\x01x");
    QSignalSpy failed(&f.document, &Document::saveFailed);
    f.document.save();
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed[0][1].toString().contains("is being followed"));
    f.file.call();
    QVERIFY(f.shows(3));
    QSignalSpy saved(&f.document, &Document::saved);
    f.document.saveAs(f.folder.filePath("copy.replay"));
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(!f.follower.isFollowing());
    QVERIFY(!f.document.isModified());
    QCOMPARE(readRecording(OpenedDocument::read(f.document.path()).toStdString())->size(), 6u);
    // The file itself was left alone, and goes on.
    f.file.call();
    QCOMPARE(OpenedDocument::read(f.file.path()).toStdString(), f.file.bytes());
  }

  void whenItIsNoLongerFollowedItIsSavedWithoutAQuestion() {
    Followed f;
    f.begin();
    f.file.call();
    QVERIFY(f.shows(3));
    f.follower.stop();
    f.replaceFirst("\x0a\x01x");
    QSignalSpy saved(&f.document, &Document::saved);
    QSignalSpy inTheWay(&f.document, &Document::changedOnDisk);
    f.document.save();
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(inTheWay.isEmpty());
    QCOMPARE(readRecording(OpenedDocument::read(f.file.path()).toStdString())->size(), 6u);
  }

  void saysWhyItEnded() {
    Followed f;
    f.begin();
    f.file.call();
    QVERIFY(f.shows(3));
    QSignalSpy ended(&f.follower, &FileFollower::ended);
    f.file.truncate();
    QTRY_COMPARE(ended.size(), 1);
    QVERIFY2(ended[0][0].toString().contains("got shorter"), qPrintable(ended[0][0].toString()));
    QVERIFY(!f.follower.isFollowing());
    QCOMPARE(f.document.snapshot().calls->size(), 3u);
  }

  void tellsThatAFileGrowsThatIsNotFollowed() {
    Followed f;
    f.file.call();
    QVERIFY(f.open(f.file.path()));
    QSignalSpy growing(&f.follower, &FileFollower::growing);
    f.file.call();
    QTRY_COMPARE(growing.size(), 1);
    QCOMPARE(f.document.snapshot().calls->size(), 1u);
    f.follower.start();
    QVERIFY(f.shows(2));
  }

  // Filtered and sorted, whatever comes: the rows are those of the same file opened anew.
  void rowsAreThoseOfTheWholeFile_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("order");
    const auto row = [](const char* name, const char* filter, CallColumn column, Qt::SortOrder order) {
      QTest::newRow(name) << filter << static_cast<int>(column) << static_cast<int>(order);
    };
    row("all", "", CallColumn::Number, Qt::AscendingOrder);
    row("from the end", "", CallColumn::Number, Qt::DescendingOrder);
    row("by status", "", CallColumn::Status, Qt::DescendingOrder);
    row("by method", "method:B", CallColumn::Number, Qt::AscendingOrder);
    row("ended well", "status:OK", CallColumn::Number, Qt::AscendingOrder);
    row("not ended", "-status:OK", CallColumn::Number, Qt::AscendingOrder);
    row("by content", "resp.text:answer", CallColumn::Number, Qt::AscendingOrder);
  }
  void rowsAreThoseOfTheWholeFile() {
    QFETCH(QString, filter);
    QFETCH(int, column);
    QFETCH(int, order);
    Followed f;
    f.begin();
    CallRows rows(f.document);
    rows.setFilter(filter);
    rows.sort(static_cast<CallColumn>(column), static_cast<Qt::SortOrder>(order));
    std::uint32_t calls = 2;
    for (int round = 0; round < 3; ++round) {
      const std::uint32_t open = f.file.request("/s/B");
      f.file.call();
      QVERIFY(f.shows(calls += 2));
      f.file.response(open);
      f.file.call("/s/B");
      QVERIFY(f.shows(calls += 1));
    }
    OpenedDocument whole;
    CallRows expected(whole.document);
    expected.setFilter(filter);
    expected.sort(static_cast<CallColumn>(column), static_cast<Qt::SortOrder>(order));
    QVERIFY(whole.open(f.file.path()));
    QCOMPARE(rows.rows(), expected.rows());
    for (std::uint32_t call = 0; call < calls; ++call) QCOMPARE(rows.rowOf(call), expected.rowOf(call));
  }
};

QTEST_MAIN(tst_DocumentFollow)
#include "tst_document_follow.moc"
