#include "recovery_fixture.h"

using namespace retake;
using namespace retake::test;
using namespace std::string_literals;

// What lies on disk of edits that are not saved, and for how long.
class tst_EditKeeper : public QObject, RecoveryFixture {
  Q_OBJECT

 private slots:
  void init() { begin(); }
  void cleanup() { end(); }

  // Whatever was edited before it, and undone.
  void eachEditIsKept_data() {
    QTest::addColumn<Changes>("change");
    QTest::newRow("a message") << Changes{{ReplaceMessage{{2}, field(1, std::uint64_t{9}), ""}}};
    QTest::newRow("the initial state") << Changes{{ReplaceInitialState{"other"}}};
    QTest::newRow("the tail") << Changes{{Repair{Repair::Kind::DropTail, {}}}};
    QTest::newRow("settings") << Changes{{}, "a note"};
  }
  void eachEditIsKept() {
    QFETCH(Changes, change);
    writeFile(file().toStdString(), cartFile().bytes() + std::string("\x40\0\0\0ab", 6));
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { this->change(*window, {{ReplaceMessage{{6}, "", ""}}}); }));
    QVERIFY(isKept(*window, [&] { this->change(*window, change); }));
    QUndoStack& stack = window->get().document().undoStack();
    stack.setIndex(0);
    QTRY_VERIFY(foldersIn(recoveryRoot()).isEmpty());
    QVERIFY(isKept(*window, [&] { stack.setIndex(2); }));
    const Snapshot was = window->get().document().snapshot();
    killed(std::move(window));
    window = started({file()});
    click(*window, QStringLiteral("Recover"));
    Document& document = window->get().document();
    QTRY_VERIFY(document.isModified());
    QCOMPARE(dump(*document.snapshot().recording), dump(*was.recording));
    QVERIFY(*document.snapshot().workspace == *was.workspace);
  }

  void aDraftDoesNotHaveTheRecordingWritten() {
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { window->edit(); }));
    const QString folder = recoveryRoot() + u'/' + foldersIn(recoveryRoot()).first();
    const auto recordings = [&] { return QDir(folder).entryList({QStringLiteral("*.replay")}); };
    QCOMPARE(recordings(), QStringList{"1.replay"});
    QVERIFY(isKept(*window, [&] { window->get().drafts().set({7}, {Draft::Kind::Message, "{ so far"}); }));
    QCOMPARE(recordings(), QStringList{"1.replay"});
    QVERIFY(isKept(*window, [&] { window->edit("once more"); }));
    QCOMPARE(recordings(), QStringList{"2.replay"});
  }

  // What was kept before it could not be is still what is named.
  void whoGoesBackBehindAFailureFindsWhatWasKept() {
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { window->edit("first"); }));
    const QString folder = recoveryRoot() + u'/' + foldersIn(recoveryRoot()).first();
    const QString about = keptEditsOf(folder);
    QVERIFY(QFile::rename(about, file("about")) && QDir().mkpath(about));  // in its way
    QSignalSpy failed(window->get().findChild<EditKeeper*>(), &EditKeeper::failed);
    window->edit("second");
    QTRY_VERIFY(!failed.isEmpty());
    QVERIFY(QDir().rmdir(about) && QFile::rename(file("about"), about));
    QVERIFY(isKept(*window, [&] { window->get().document().undoStack().undo(); }));
    const auto kept = readKeptEdits(folder);
    QVERIFY(kept.has_value());
    const auto recording = openRecording(kept->recording.toStdString());
    QVERIFY2(recording.has_value(), recording ? "" : recording.error().message.c_str());
    QCOMPARE(std::string(recording->recording->initialState()->view), "first"s);
  }

  void otherWindowsDoNotTakeThem() {
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { window->edit(); }));
    auto other = started({file()});
    QVERIFY(!other->barShown());
    QCOMPARE(foldersIn(recoveryRoot()).size(), 1);
  }

  void nothingIsLeftOf_data() {
    QTest::addColumn<QString>("what");
    for (const char* what : {"saving", "undoing", "another file", "closing"}) QTest::newRow(what) << what;
  }
  void nothingIsLeftOf() {
    QFETCH(QString, what);
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { window->edit(); }));
    Document& document = window->get().document();
    if (what == "saving") document.save();
    if (what == "undoing") document.undoStack().undo();
    if (what == "closing") window->get().close();
    if (what == "another file") {
      writeFile(file("other.replay").toStdString(), ReplayFile("x").bytes());
      window->get().open({file("other.replay")});
    }
    if (what == "closing" || what == "another file")
      window->answer(QStringLiteral("saveQuestion"), QMessageBox::Discard);
    if (what == "closing")
      window.reset();
    else
      QTRY_VERIFY(!document.isModified());
    QVERIFY(foldersIn(recoveryRoot()).isEmpty());
  }

  void whatCannotBeKeptIsTold() {
    writeFile(recoveryRoot().section('/', 0, -3).toStdString(), "a file where the folder would be");
    auto window = started({file()});
    window->edit();
    QTRY_VERIFY(window->barShown());
    QVERIFY(window->barText().startsWith("Unsaved edits cannot be kept on disk"));
    window->get().document().save();
    QTRY_VERIFY(!window->get().document().isModified());
  }
};

QTEST_MAIN(tst_EditKeeper)
#include "tst_edit_keeper.moc"
