#include <QDirIterator>
#include <QPlainTextEdit>

#include "edit/edit.h"
#include "main_window_fixture.h"
#include "recovery/edit_keeper.h"
#include "recovery/kept_folder.h"
#include "support/dump.h"

using namespace retake;
using namespace retake::test;
using namespace std::string_literals;

namespace {

const QString kFile = QStringLiteral("cart.replay");

InsertCall unary(EntryId behind) {
  const EntryMessage item{"type.googleapis.com/shop.v1.Item", field(1, "new")};
  return {.method = "/shop.v1.Cart/Add",
          .entries = {{.kind = EntryKind::Request, .message = item},
                      {.kind = EntryKind::Response, .message = item}},
          .behind = behind};
}

QStringList foldersIn(const QString& root) { return QDir(root).entryList(QDir::Dirs | QDir::NoDotAndDotDot); }

void copyFolder(const QString& from, const QString& to) {
  QDirIterator files(from, QDir::Files, QDirIterator::Subdirectories);
  while (files.hasNext()) {
    const QString path = to + u'/' + QDir(from).relativeFilePath(files.next());
    if (files.fileName() == QLatin1String("lock")) continue;
    QDir().mkpath(QFileInfo(path).path());
    if (!QFile::copy(files.filePath(), path)) qFatal("cannot copy %s", qPrintable(path));
  }
}

}  // namespace

// A list that Qt Test does not look into.
struct Changes {
  std::vector<Edit> edits = {};
  std::string notes = {};  // of the workspace
};
Q_DECLARE_METATYPE(Changes)

// Edits that were not saved when the program ended without being closed.
class tst_Recovery : public QObject {
  Q_OBJECT

  std::unique_ptr<TestSettings> m_settings;
  QTemporaryDir m_folder;

  QString file(const QString& name = kFile) const { return m_folder.filePath(name); }
  QString aside() const { return m_folder.filePath(QStringLiteral("aside")); }
  // Does that, and waits until what the window shows then is on disk.
  static bool isKept(Window& window, const std::function<void()>& change) {
    QSignalSpy kept(window->findChild<EditKeeper*>(), &EditKeeper::kept);
    change();
    return QTest::qWaitFor([&] { return !kept.isEmpty(); }, 60'000) && foldersIn(recoveryRoot()).size() == 1;
  }
  // As a kill in this moment leaves it. The window goes for good, and has its folder removed.
  void killed(std::unique_ptr<Window> window) {
    copyFolder(recoveryRoot(), aside());
    window.reset();
    QVERIFY(foldersIn(recoveryRoot()).isEmpty());
    copyFolder(aside(), recoveryRoot());
  }
  std::unique_ptr<Window> started(const QStringList& paths = {}) {
    auto window = std::make_unique<Window>();
    QSignalSpy opened(&window->get().document(), &Document::fileOpened);
    window->get().open(paths);
    if (!paths.isEmpty() && !QTest::qWaitFor([&] { return !opened.isEmpty(); })) qFatal("not opened");
    if (!window->idle()) qFatal("busy for ever");
    return window;
  }
  static void change(Window& window, const Changes& changes) {
    Document& document = window->document();
    for (const Edit& edit : changes.edits)
      if (const auto why = document.push(edit)) qFatal("%s", qPrintable(*why));
    if (changes.notes.empty()) return;
    Workspace workspace = *document.snapshot().workspace;
    workspace.notes = changes.notes;
    document.pushWorkspace(workspace, QStringLiteral("notes"));
  }
  static void click(Window& window, const QString& text) {
    for (auto* button : window->findChildren<QPushButton*>())
      if (button->text() == text && button->isVisible()) return QTest::mouseClick(button, Qt::LeftButton);
    QFAIL(qPrintable("no button " + text));
  }
  // Edits of the only recording are kept, and nobody has them any more.
  void leave(const Changes& changes) {
    auto window = started({file()});
    QVERIFY(isKept(*window, [&] { change(*window, changes); }));
    killed(std::move(window));
  }

 private slots:
  void init() {
    m_settings = std::make_unique<TestSettings>();
    QDir(m_folder.path()).removeRecursively();
    QDir().mkpath(m_folder.path());
    writeFile(file().toStdString(), cartFile().bytes());
  }
  void cleanup() { m_settings.reset(); }

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

  void whatCannotBeReadStays() {
    leave({{ReplaceInitialState{"other"}}});
    const QString about = recoveryRoot() + u'/' + foldersIn(recoveryRoot()).first() + "/edits.json";
    writeFile(about.toStdString(), "{\"version\": 2}");
    QVERIFY(!started({file()})->barShown());
    QVERIFY(QFile::exists(about));
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

QTEST_MAIN(tst_Recovery)
#include "tst_recovery.moc"
