#include <QPlainTextEdit>

#include "recovery_fixture.h"

using namespace retake;
using namespace retake::test;
using namespace std::string_literals;

// Edits that were not saved when the program ended without being closed come back.
class tst_Recovery : public QObject, RecoveryFixture {
  Q_OBJECT

 private slots:
  void init() { begin(); }
  void cleanup() { end(); }

  void editsComeBack_data() {
    QTest::addColumn<Changes>("changes");
    QTest::newRow("a message") << Changes{{ReplaceMessage{{2}, field(1, std::uint64_t{8}), ""}}};
    QTest::newRow("a status") << Changes{{ReplaceStatus{{4}, {7, "not you", {}}}}};
    QTest::newRow("the initial state") << Changes{{ReplaceInitialState{"other"}}};
    QTest::newRow("a call is deleted") << Changes{{RemoveCall{{1}}}};
    QTest::newRow("a call is added") << Changes{{unary({3})}};
    QTest::newRow("settings") << Changes{{}, "a note"};
    QTest::newRow("all of it") << Changes{
        {unary({3}), RemoveCall{{1}}, ReplaceStatus{{4}, {7, "not you", {}}}, ReplaceInitialState{"other"}},
        "a note"};
  }
  void editsComeBack() {
    QFETCH(Changes, changes);
    const std::string before = readFile(file().toStdString());
    auto first = started({file()});
    QVERIFY(isKept(*first, [&] { change(*first, changes); }));
    const Snapshot was = first->get().document().snapshot();
    const auto edits = first->get().document().editedEntries().size();
    killed(std::move(first));
    QCOMPARE(readFile(file().toStdString()), before);

    auto window = started();
    QVERIFY(window->barShown());
    QVERIFY2(
        window->barText().startsWith("Retake ended before the edits of cart.replay were saved. Those until "),
        qPrintable(window->barText()));
    click(*window, QStringLiteral("Recover"));
    Document& document = window->get().document();
    QTRY_VERIFY(document.isModified());
    QCOMPARE(document.path(), file());
    QCOMPARE(dump(*document.snapshot().recording), dump(*was.recording));
    QCOMPARE(document.snapshot().workspace->notes, was.workspace->notes);
    QCOMPARE(document.editedEntries().size(), edits);
    QVERIFY(window->get().selection().call().has_value());
    if (edits > 0) QCOMPARE(window->get().selection().entry(), document.editedEntries().front());
    // One step, which can be taken back, and again.
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(document.undoStack().undoText(), QStringLiteral("recovered edits"));
    document.undoStack().undo();
    QVERIFY(!document.isModified());
    QVERIFY(isKept(*window, [&] { document.undoStack().redo(); }));
    QVERIFY(document.isModified());
    document.save();
    QTRY_VERIFY(!document.isModified());
    QVERIFY(foldersIn(recoveryRoot()).isEmpty());
    window.reset();

    auto again = started({file()});
    QVERIFY(!again->barShown());
    QCOMPARE(dump(*again->get().document().snapshot().recording), dump(*was.recording));
    QCOMPARE(again->get().document().snapshot().workspace->notes, was.workspace->notes);
  }

  // What was typed and not applied, with and without edits before it.
  void draftsComeBack_data() {
    QTest::addColumn<Changes>("changes");
    QTest::newRow("alone") << Changes{};
    QTest::newRow("behind edits") << Changes{{unary({3}), RemoveCall{{1}}}};
  }
  void draftsComeBack() {
    QFETCH(Changes, changes);
    const Draft json{Draft::Kind::Message, "{ \"id\": 7"};
    const Draft seed{Draft::Kind::InitialState, "not hex", "hex"};
    auto first = started({file()});
    QVERIFY(isKept(*first, [&] {
      change(*first, changes);
      first->get().drafts().set({7}, json);
      first->get().drafts().setLeaf({6}, QStringLiteral("1"), QStringLiteral("so far"));
      first->get().drafts().set(kInitialStateDraft, seed);
    }));
    killed(std::move(first));
    auto window = started({file()});
    QVERIFY(window->barShown());
    const QString old = foldersIn(recoveryRoot()).first();
    QVERIFY(isKept(*window, [&] { click(*window, QStringLiteral("Recover")); }));
    Drafts& drafts = window->get().drafts();
    QCOMPARE(drafts.count(), 3);
    QVERIFY(foldersIn(recoveryRoot()).first() != old);
    QCOMPARE(window->get().document().isModified(), !changes.edits.empty());
    // Ids of the file's own entries are those they had.
    QVERIFY(drafts.draft({7}) == json);
    QVERIFY(drafts.leaves({6}) == (Drafts::Leaves{{QStringLiteral("1"), QStringLiteral("so far")}}));
    QVERIFY(drafts.draft(kInitialStateDraft) == seed);
    QCOMPARE(window->child<QPlainTextEdit>(QStringLiteral("initialStateText"))->toPlainText(), seed.text);
    // They are shown where they are.
    QCOMPARE(window->get().selection().entry(), EntryId{6});
    window->get().selection().selectEntry({7});
    const auto editors = window->get().findChildren<QPlainTextEdit*>(QStringLiteral("jsonText"));
    QVERIFY(std::any_of(editors.begin(), editors.end(),
                        [&](const auto* editor) { return editor->toPlainText() == json.text; }));
    QCOMPARE(window->get().document().undoStack().count(), changes.edits.empty() ? 0 : 1);
    for (const EntryId entry : drafts.entries()) drafts.remove(entry);
    drafts.setLeaf({6}, QStringLiteral("1"), std::nullopt);
    window->get().document().undoStack().setIndex(0);
    QTRY_VERIFY(foldersIn(recoveryRoot()).isEmpty());
  }

  void draftsOfAFileThatHasChangedAreLeft() {
    auto first = started({file()});
    QVERIFY(isKept(*first, [&] { first->get().drafts().set({4}, {Draft::Kind::Message, "{ so far"}); }));
    killed(std::move(first));
    writeFile(file().toStdString(), ReplayFile("theirs").bytes());
    auto window = started({file()});
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->barText().startsWith("cart.replay is not what it was when it was edited."));
    const QString folder = recoveryRoot() + u'/' + foldersIn(recoveryRoot()).first();
    QVERIFY(window->barText().contains(folder));
    QVERIFY(readFile((folder + "/edits.json").toStdString()).find("{ so far") != std::string::npos);
  }

  // What was recovered, and not saved, is kept as what was edited is.
  void theyComeBackTwice() {
    leave({{ReplaceInitialState{"other"}}});
    auto window = started({file()});
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    QVERIFY(isKept(*window, [&] { change(*window, {{RemoveCall{{1}}}}); }));
    QDir(aside()).removeRecursively();
    killed(std::move(window));
    window = started({file()});
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    const auto recording = window->get().document().snapshot().recording;
    QCOMPARE(std::string(recording->initialState()->view), "other"s);
    QCOMPARE(recording->size(), 8u);
  }

  void aRecordingThatHasChangedIsLeftAlone_data() {
    QTest::addColumn<bool>("isThere");
    QTest::newRow("another program has written it") << true;
    QTest::newRow("it is gone") << false;
  }
  void aRecordingThatHasChangedIsLeftAlone() {
    QFETCH(bool, isThere);
    leave({{ReplaceInitialState{"mine"}}});
    QFile::remove(file());
    if (isThere) writeFile(file().toStdString(), ReplayFile("theirs").bytes());
    auto window = started();
    click(*window, QStringLiteral("Recover"));
    Document& document = window->get().document();
    QTRY_VERIFY(document.isModified());
    QVERIFY(document.path().isEmpty());
    QCOMPARE(document.displayName(), kFile);
    QVERIFY(window->barText().startsWith("cart.replay is not what it was when it was edited"));
    QCOMPARE(std::string(document.snapshot().recording->initialState()->view), "mine"s);
    // It is nowhere but here: closing asks.
    window->get().close();
    window->answer(QStringLiteral("saveQuestion"), QMessageBox::Cancel);
    document.saveAs(file(QStringLiteral("mine.replay")));
    QTRY_VERIFY(!document.isModified());
    QCOMPARE(document.path(), file(QStringLiteral("mine.replay")));
    QVERIFY(foldersIn(recoveryRoot()).isEmpty());
    QCOMPARE(QFile::exists(file()), isThere);
  }

  // The settings that the file had, and has still.
  void aRecordingOfItsOwnHasItsSettings() {
    writeFile(file("cart.retake").toStdString(), "notes: 'mine'");
    leave({{ReplaceInitialState{"mine"}}});
    writeFile(file().toStdString(), ReplayFile("theirs").bytes());
    auto window = started();
    QVERIFY(isKept(*window, [&] { click(*window, QStringLiteral("Recover")); }));
    QCOMPARE(window->get().document().snapshot().workspace->notes, "mine"s);
    QDir(aside()).removeRecursively();
    killed(std::move(window));  // leaves one folder, which has all of it
    window = started();
    click(*window, QStringLiteral("Recover"));
    Document& document = window->get().document();
    QTRY_VERIFY(document.isModified());
    QCOMPARE(document.snapshot().workspace->notes, "mine"s);
    QCOMPARE(std::string(document.snapshot().recording->initialState()->view), "mine"s);
    document.saveAs(file("other.replay"));
    QTRY_VERIFY(!document.isModified());
    QCOMPARE(QString::fromStdString(readFile(file("other.retake").toStdString())).contains("mine"), true);
  }

  void aSampleComesBackAsOne() {
    auto first = started();
    QSignalSpy opened(&first->get().document(), &Document::fileOpened);
    first->action(QStringLiteral("openSample"))->trigger();
    QTRY_VERIFY(!opened.isEmpty());
    QVERIFY(first->idle());
    QVERIFY(isKept(*first, [&] { first->edit(); }));
    killed(std::move(first));
    auto window = started();
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    QCOMPARE(window->barText(), "The edited depot.replay is back. It is saved nowhere yet.");
    QCOMPARE(std::string(window->get().document().snapshot().recording->initialState()->view), "other seed"s);
  }

  // Of those that were left one after another.
  void theLastComeFirst() {
    for (const char* state : {"first", "second", "third"}) {
      leave({{ReplaceInitialState{state}}});
      // What was left before lies there, too, and is looked at.
      QDir(aside()).removeRecursively();
      copyFolder(recoveryRoot(), file("all"));
      QDir(recoveryRoot()).removeRecursively();
    }
    copyFolder(file("all"), recoveryRoot());
    const QStringList folders = foldersIn(recoveryRoot());
    QCOMPARE(folders.size(), 3);
    // Copies are as old as what they were made of.
    for (const QString& folder : folders) {
      const QString name = QStringLiteral("/edits.json");
      QFile copy(recoveryRoot() + u'/' + folder + name);
      QVERIFY(copy.open(QIODevice::ReadWrite));
      const auto when = QFileInfo(file("all/") + folder + name).lastModified();
      QVERIFY(copy.setFileTime(when, QFileDevice::FileModificationTime));
    }
    for (int look = 0; look < 2; ++look) QCOMPARE(abandonedFolders(recoveryRoot()).size(), 3);
    auto window = started({file()});
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    QCOMPARE(std::string(window->get().document().snapshot().recording->initialState()->view), "third"s);
  }

  void whatDoesNotFitIsARecordingOfItsOwn() {
    leave({{RemoveCall{{1}}}});
    const QString about = keptEditsOf(recoveryRoot() + u'/' + foldersIn(recoveryRoot()).first());
    std::string text = readFile(about.toStdString());
    const auto origins = text.find("\"origins\"");
    QVERIFY(origins != std::string::npos);
    writeFile(about.toStdString(), text.replace(origins, 9, "\"unknown\""));
    auto window = started({file()});
    click(*window, QStringLiteral("Recover"));
    Document& document = window->get().document();
    QTRY_VERIFY(document.isModified());
    QVERIFY(document.path().isEmpty());
    QCOMPARE(document.snapshot().recording->size(), 8u);
  }

  // A click while the schema is still being loaded, with a file that is opened for it.
  void whoIsBusyRecoversThemNext() {
    leave({{ReplaceInitialState{"other"}}});
    writeFile(file("cart.proto").toStdString(),
              "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string a = 1; }\n");
    auto window = started({file()});
    window->get().document().setSchemaPlaces({file("cart.proto")});
    QVERIFY(window->get().document().isBusy());
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    QVERIFY(foldersIn(recoveryRoot()).size() >= 1);
  }

  // What is read for the one is not put on the other.
  void oneIsRecoveredAfterTheOther() {
    leave({{ReplaceInitialState{"first"}}});
    QDir(aside()).removeRecursively();
    copyFolder(recoveryRoot(), file("all"));
    QDir(recoveryRoot()).removeRecursively();
    writeFile(file("other.replay").toStdString(), ReplayFile("x").bytes());
    {
      auto first = started({file("other.replay")});
      QVERIFY(isKept(*first, [&] {
        first->get().drafts().set(kInitialStateDraft, {Draft::Kind::InitialState, "b", "hex"});
      }));
      killed(std::move(first));
    }
    copyFolder(file("all"), recoveryRoot());
    auto window = started({file()});
    Document& document = window->get().document();
    writeFile(file("cart.proto").toStdString(),
              "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string a = 1; }\n");
    document.setSchemaPlaces({file("cart.proto")});
    click(*window, QStringLiteral("Recover"));  // its own
    QTRY_VERIFY(document.isModified());
    QCOMPARE(std::string(document.snapshot().recording->initialState()->view), "first"s);
    QCOMPARE(window->get().drafts().count(), 0);
    QCOMPARE(document.path(), file());
    document.undoStack().undo();
    window->get().open({file("other.replay")});
    QTRY_COMPARE(document.path(), file("other.replay"));
    QTRY_VERIFY(window->barShown());
    click(*window, QStringLiteral("Recover"));
    QTRY_COMPARE(window->get().drafts().count(), 1);
    QVERIFY(!document.isModified());
  }

  // By hand, while they are waited for.
  void aRecordingThatIsBeingOpenedIsNotOpenedAgain() {
    leave({{ReplaceInitialState{"other"}}});
    auto window = started();
    QSignalSpy opened(&window->get().document(), &Document::fileOpened);
    window->get().document().open(file());
    QVERIFY(window->get().document().isBusy());
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    QVERIFY(window->idle());
    QCOMPARE(opened.size(), 1);
    QVERIFY(!window->get().findChild<QMessageBox*>(QStringLiteral("saveQuestion")));
  }

  void settingsThatWereTakenOutComeBackSo() {
    writeFile(file("cart.retake").toStdString(), "notes: 'mine'");
    auto first = started({file()});
    QVERIFY(isKept(*first, [&] { first->get().document().pushWorkspace({}, QStringLiteral("none")); }));
    killed(std::move(first));
    auto window = started({file()});
    QCOMPARE(window->get().document().snapshot().workspace->notes, "mine"s);
    click(*window, QStringLiteral("Recover"));
    QTRY_VERIFY(window->get().document().isModified());
    QVERIFY(*window->get().document().snapshot().workspace == Workspace());
  }

  void cancellingTheQuestionOffersThemAgain() {
    leave({{ReplaceInitialState{"other"}}});
    writeFile(file("other.replay").toStdString(), ReplayFile("x").bytes());
    auto window = started({file("other.replay")});
    window->edit("mine");
    click(*window, QStringLiteral("Recover"));
    window->answer(QStringLiteral("saveQuestion"), QMessageBox::Cancel);
    QVERIFY(window->barShown());
    click(*window, QStringLiteral("Recover"));
    window->answer(QStringLiteral("saveQuestion"), QMessageBox::Discard);
    QTRY_COMPARE(window->get().document().path(), file());
    QTRY_VERIFY(window->get().document().isModified());
  }

  // Without a recording that could be opened.
  void theyAreOfferedInAnyCase_data() {
    QTest::addColumn<QString>("argument");
    QTest::newRow("a schema") << "cart.proto";
    QTest::newRow("a file that is not there") << "missing.replay";
  }
  void theyAreOfferedInAnyCase() {
    QFETCH(QString, argument);
    leave({{ReplaceInitialState{"other"}}});
    writeFile(file("cart.proto").toStdString(),
              "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string a = 1; }\n");
    auto window = std::make_unique<Window>();
    window->get().open({file(argument)});
    QTRY_VERIFY(window->barShown());
    QVERIFY(window->idle());
    if (window->barText().startsWith("Retake ended")) return;
    QVERIFY(window->barText().contains("missing.replay"));  // first; then, when something else is done
    QTest::keyClick(window->child<QWidget>(QStringLiteral("messageBar")), Qt::Key_Escape);
    window->get().document().setSchemaPlaces({file("cart.proto")});
    QTRY_VERIFY(window->barShown());
    QVERIFY(window->barText().startsWith("Retake ended"));
  }

  void theyAreThrownAwayWhenAskedFor() {
    leave({{ReplaceInitialState{"other"}}});
    {
      auto window = started();
      click(*window, QStringLiteral("Throw away…"));
      window->answer(QStringLiteral("discardEditsQuestion"), QMessageBox::Cancel);
      QTRY_VERIFY(window->barShown());  // offered again
      QCOMPARE(foldersIn(recoveryRoot()).size(), 1);
      click(*window, QStringLiteral("Throw away…"));
      QTest::mouseClick(window->find<QPushButton>(QStringLiteral("discardEdits")), Qt::LeftButton);
      QTRY_VERIFY(foldersIn(recoveryRoot()).isEmpty());
    }
    QVERIFY(!started()->barShown());
  }

  void aSchemaThatIsLoadedDoesNotHideThem() {
    leave({{ReplaceInitialState{"other"}}});
    writeFile(file("cart.proto").toStdString(),
              "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string a = 1; }\n");
    auto window = std::make_unique<Window>();
    QSignalSpy loaded(&window->get().document(), &Document::schemaLoaded);
    window->get().open({file(), file("cart.proto")});
    QTRY_VERIFY(!loaded.isEmpty());
    QVERIFY(window->barShown());
  }

  // Whoever does not answer is asked the next time.
  void theyStayUntilSomebodyAnswers() {
    leave({{ReplaceInitialState{"other"}}});
    writeFile(file("other.replay").toStdString(), ReplayFile("x").bytes());
    {
      auto window = started({file("other.replay")});
      QVERIFY(window->barShown());
      QVERIFY(window->opens(file("other.replay")));
    }
    QVERIFY(started({file()})->barShown());
    QCOMPARE(foldersIn(recoveryRoot()).size(), 1);
  }

  void whatCannotBeReadStays() {
    leave({{ReplaceInitialState{"other"}}});
    const QString about = recoveryRoot() + u'/' + foldersIn(recoveryRoot()).first() + "/edits.json";
    writeFile(about.toStdString(), "{\"version\": 2}");
    QVERIFY(!started({file()})->barShown());
    QVERIFY(QFile::exists(about));
  }
};

QTEST_MAIN(tst_Recovery)
#include "tst_recovery.moc"
