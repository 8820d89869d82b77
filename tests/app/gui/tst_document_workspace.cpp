#include <QFileInfo>
#include <QTest>

#include "opened_document.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::OpenedDocument;

namespace {

const char* const kCycle = "match { reuse: CYCLE }\n";

struct Opened : OpenedDocument {
  QString beside() const { return folder.filePath("test.retake"); }
  QByteArray workspaceFile() const { return read(beside()); }
  bool openWith(const std::string& workspace) {
    write("test.retake", workspace);
    return open(cartFile());
  }
  void setReuse(Reuse reuse) {
    Workspace workspace = *document.snapshot().workspace;
    workspace.policy.match.reuse = reuse;
    document.pushWorkspace(workspace, QStringLiteral("reuse"));
  }
  Reuse reuse() const { return document.snapshot().workspace->policy.match.reuse; }
  // What came of saving, when it is over.
  QString saves() {
    return outcome([this] { document.save(); });
  }
  QString savesAs(const QString& name) {
    return outcome([&] { document.saveAs(folder.filePath(name)); });
  }
  QString outcome(const std::function<void()>& start) {
    QSignalSpy saved(&document, &Document::saved);
    QSignalSpy failed(&document, &Document::saveFailed);
    QSignalSpy asked(&document, &Document::changedOnDisk);
    start();
    if (!QTest::qWaitFor([&] { return saved.size() + failed.size() + asked.size() > 0; })) return "nothing";
    if (!QTest::qWaitFor([&] { return !document.isBusy(); })) return "still busy";
    if (!asked.isEmpty()) return "asks about " + QFileInfo(asked[0][0].toString()).fileName();
    return failed.isEmpty() ? QStringLiteral("saved") : failed[0][1].toString();
  }
};

}  // namespace

class tst_DocumentWorkspace : public QObject {
  Q_OBJECT
 private slots:
  void opensWhatLiesBesideTheRecording() {
    Opened o;
    QVERIFY(o.openWith(kCycle));
    QVERIFY(o.reuse() == Reuse::Cycle);
    QVERIFY(!o.document.isModified());
    QCOMPARE(o.document.workspacePath(), o.beside());
    QCOMPARE(o.document.workspaceError(), QString());
    QVERIFY(o.open(o.write("other.replay", cartFile().bytes())));
    QVERIFY(o.reuse() == Reuse::Once);
  }

  void namesOfFilesAreThoseBesideTheRecording() {
    Opened o;
    QVERIFY(o.openWith("schema: \"protos/shop.proto\"\n"));
    QCOMPARE(QString::fromStdString(o.document.snapshot().workspace->schema.at(0)),
             o.folder.filePath("protos/shop.proto"));
    // Elsewhere they lead to the same files.
    QVERIFY(QDir(o.folder.path()).mkdir("deep"));
    QCOMPARE(o.savesAs("deep/copy.replay"), QStringLiteral("saved"));
    QVERIFY2(OpenedDocument::read(o.folder.filePath("deep/copy.retake")).contains("\"../protos/shop.proto\""),
             OpenedDocument::read(o.folder.filePath("deep/copy.retake")));
    QVERIFY(!o.document.isModified());
  }

  void writesNothingWhereNothingWasSet() {
    Opened o;
    QVERIFY(o.open(cartFile()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other"}), std::nullopt);
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    QVERIFY(!QFileInfo::exists(o.beside()));
    QCOMPARE(o.savesAs("copy.replay"), QStringLiteral("saved"));
    QVERIFY(!QFileInfo::exists(o.folder.filePath("copy.retake")));
    // Set and taken back: still nothing.
    o.setReuse(Reuse::Last);
    o.document.undoStack().undo();
    QVERIFY(!o.document.isModified());
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    QVERIFY(!QFileInfo::exists(o.folder.filePath("copy.retake")));
  }

  void aSettingAloneLeavesTheRecordingsFile() {
    Opened o;
    QVERIFY(o.open(cartFile()));
    const auto stamp = fileStamp(o.document.path().toStdString());
    o.setReuse(Reuse::Last);
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    QVERIFY(!o.document.isModified());
    QVERIFY2(o.workspaceFile().contains("LAST"), o.workspaceFile());
    QVERIFY(*fileStamp(o.document.path().toStdString()) == *stamp);

    // Undone and saved, the file that is there says nothing any more.
    o.document.undoStack().undo();
    QVERIFY(o.document.isModified());
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    const auto there = readWorkspace(o.beside().toStdString(), true);
    QVERIFY(there && *there == Workspace());
  }

  void anEditAloneLeavesTheWorkspacesFile() {
    Opened o;
    const QByteArray odd = QByteArray("# mine\n\nmatch   { reuse:CYCLE }  # in its own form\n");
    QVERIFY(o.openWith(odd.toStdString()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other"}), std::nullopt);
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    QCOMPARE(o.workspaceFile(), odd);
  }

  void whatCannotBeReadIsToldAndKept() {
    Opened o;
    const QByteArray broken = "notes: \"mine\"\nmatch {\n  reuse: SOMETIMES\n}\n";
    QVERIFY(o.openWith(broken.toStdString()));
    QCOMPARE(o.document.snapshot().calls->size(), 4u);
    QVERIFY(*o.document.snapshot().workspace == Workspace());
    QVERIFY2(o.document.workspaceError().contains(QStringLiteral("test.retake:3:")),
             qPrintable(o.document.workspaceError()));

    QCOMPARE(o.document.push(ReplaceInitialState{"other"}), std::nullopt);
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    QCOMPARE(o.workspaceFile(), broken);

    o.setReuse(Reuse::Last);
    QCOMPARE(o.saves(), QStringLiteral("asks about test.retake"));
    QCOMPARE(o.workspaceFile(), broken);
    QVERIFY(o.document.isModified());
    QCOMPARE(o.outcome([&o] { o.document.saveOver(); }), QStringLiteral("saved"));
    QVERIFY(o.workspaceFile().contains("LAST"));
    QCOMPARE(o.document.workspaceError(), QString());
    o.setReuse(Reuse::Cycle);
    QCOMPARE(o.saves(), QStringLiteral("saved"));
  }

  void asksWhereAnotherProgramWroteTheWorkspace_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("theirs");
    QTest::addColumn<QString>("outcome");
    const QString asks = QStringLiteral("asks about test.retake");
    QTest::newRow("changed") << QByteArray(kCycle) << QByteArray("notes: \"theirs\"\n") << asks;
    QTest::newRow("made") << QByteArray() << QByteArray("notes: \"theirs\"\n") << asks;
    QTest::newRow("broken") << QByteArray(kCycle) << QByteArray("<<<<<<< HEAD\n") << asks;
    QTest::newRow("the same") << QByteArray(kCycle) << QByteArray("match { reuse: LAST }\n") << "saved";
  }
  void asksWhereAnotherProgramWroteTheWorkspace() {
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, theirs);
    QFETCH(QString, outcome);
    Opened o;
    if (before.isEmpty())
      QVERIFY(o.open(cartFile()));
    else
      QVERIFY(o.openWith(before.toStdString()));
    o.setReuse(Reuse::Last);
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    o.write("test.retake", theirs.toStdString());
    QCOMPARE(o.saves(), outcome);
    QCOMPARE(o.workspaceFile(), theirs);
    // All or nothing: the recording waits for the answer.
    QCOMPARE(OpenedDocument::read(o.document.path()).contains("other seed"), outcome == "saved");
    QCOMPARE(o.document.isModified(), outcome != "saved");
  }

  void writesAgainWhatIsGone() {
    Opened o;
    QVERIFY(o.openWith(kCycle));
    o.setReuse(Reuse::Last);
    QVERIFY(QFile::remove(o.beside()));
    QCOMPARE(o.saves(), QStringLiteral("saved"));
    QVERIFY(o.workspaceFile().contains("LAST"));
  }

  void savingElsewhereAsksAboutTheWorkspaceThatIsThere_data() {
    QTest::addColumn<bool>("ours");
    QTest::newRow("settings") << true;
    QTest::newRow("no settings") << false;
  }
  void savingElsewhereAsksAboutTheWorkspaceThatIsThere() {
    QFETCH(bool, ours);
    Opened o;
    QVERIFY(o.open(cartFile()));
    if (ours) o.setReuse(Reuse::Last);
    const QString theirs = o.write("copy.retake", "notes: \"theirs\"\n");
    QCOMPARE(o.savesAs("copy.replay"), QStringLiteral("asks about copy.retake"));
    QVERIFY(!QFileInfo::exists(o.folder.filePath("copy.replay")));
    QCOMPARE(o.document.displayName(), QStringLiteral("test.replay"));
    QCOMPARE(o.outcome([&o] { o.document.saveOver(); }), QStringLiteral("saved"));
    QCOMPARE(o.document.displayName(), QStringLiteral("copy.replay"));
    QVERIFY(!o.document.isModified());
    const auto there = readWorkspace(theirs.toStdString(), true);
    QVERIFY(there && *there == *o.document.snapshot().workspace);
  }

  void aRecordingThatWasWrittenIsSavedThoughItsWorkspaceWasNot() {
    Opened o;
    QVERIFY(o.open(cartFile()));
    QVERIFY(QDir(o.folder.path()).mkdir("test.retake"));  // no file can take its place
    o.setReuse(Reuse::Last);
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    QVERIFY(o.saves().startsWith("asks about"));
    const QString said = o.outcome([&o] { o.document.saveOver(); });
    QVERIFY2(said.contains("test.retake"), qPrintable(said));
    QVERIFY(OpenedDocument::read(o.document.path()).contains("other seed"));
    QVERIFY(!o.document.isRecordingModified());
    QVERIFY(o.document.isWorkspaceModified());
  }

  void aSampleHasNone() {
    Opened o;
    o.write("test.retake", kCycle);
    QSignalSpy opened(&o.document, &Document::fileOpened);
    o.document.openSample(o.write("test.replay", cartFile().bytes()));
    QTRY_COMPARE(opened.size(), 1);
    QTRY_VERIFY(!o.document.isBusy());
    QVERIFY(o.reuse() == Reuse::Once);
    QCOMPARE(o.document.workspacePath(), QString());
    o.setReuse(Reuse::Last);
    QVERIFY(o.document.isModified());
    QCOMPARE(o.savesAs("mine.replay"), QStringLiteral("saved"));
    QVERIFY(OpenedDocument::read(o.folder.filePath("mine.retake")).contains("LAST"));
  }

  void closingForgetsIt() {
    Opened o;
    QVERIFY(o.openWith(kCycle));
    o.setReuse(Reuse::Last);
    o.document.close();
    QVERIFY(o.reuse() == Reuse::Once);
    QVERIFY(!o.document.isModified());
  }
};

QTEST_MAIN(tst_DocumentWorkspace)
#include "tst_document_workspace.moc"
