#include <QFileInfo>
#include <QTest>

#include "opened_document.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::field;
using retake::test::OpenedDocument;

class tst_Document : public QObject {
  Q_OBJECT
 private slots:
  void beginsEmptyAndUnmodified() {
    Document document;
    QVERIFY(!document.isOpen());
    QVERIFY(!document.isModified());
    QCOMPARE(document.snapshot().recording->size(), 0u);
    QCOMPARE(document.snapshot().calls->size(), 0u);
    QVERIFY(document.push(ReplaceInitialState{"x"}).has_value());
  }

  void opensAFile() {
    OpenedDocument o;
    QSignalSpy changed(&o.document, &Document::changed);
    QVERIFY(o.open(cartFile()));
    QVERIFY(o.document.isOpen());
    QCOMPARE(o.document.displayName(), QStringLiteral("test.replay"));
    QCOMPARE(o.document.snapshot().calls->size(), 4u);
    QVERIFY(!o.document.isModified());
    QCOMPARE(changed.size(), 1);
    QVERIFY(changed[0][0].value<SnapshotChange>().file);
  }

  void anEditIsOneUndoStep() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QSignalSpy changed(&o.document, &Document::changed);
    QSignalSpy modified(&o.document, &Document::modifiedChanged);
    const EntryId answer = o.idAt(1);
    QCOMPARE(o.document.push(ReplaceMessage{answer, field(1, std::uint64_t{8}), {}}), std::nullopt);
    QCOMPARE(o.document.undoStack().count(), 1);
    QVERIFY(o.document.isModified());
    QCOMPARE(o.document.editedEntries(), std::vector{answer});
    QCOMPARE(changed.size(), 1);
    const auto change = changed[0][0].value<SnapshotChange>();
    QCOMPARE(change.entries, std::vector{answer});
    QVERIFY(!change.calls);
    QCOMPARE(o.document.snapshot().recording->entry(1)->fields.message, field(1, std::uint64_t{8}));

    o.document.undoStack().undo();
    QVERIFY(!o.document.isModified());
    QVERIFY(o.document.editedEntries().empty());
    QCOMPARE(o.document.snapshot().recording, o.document.opened().recording);
    o.document.undoStack().redo();
    QVERIFY(o.document.isModified());
    QCOMPARE(modified.size(), 3);
  }

  void anEditThatCannotBeSaysWhyAndChangesNothing() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const auto before = o.document.snapshot().recording;
    const auto why = o.document.push(ReplaceStatus{o.idAt(0), Status{5, "x", {}}});
    QVERIFY(why.has_value());
    QVERIFY2(why->contains(QStringLiteral("entry 1")), qPrintable(*why));
    QCOMPARE(o.document.snapshot().recording, before);
    QCOMPARE(o.document.undoStack().count(), 0);
  }

  void anEditThatChangesNothingIsDoneAndNoStep() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const auto before = o.document.snapshot().recording;
    const Edit same = ReplaceMessage{o.idAt(1), std::string(before->entry(1)->fields.message), {}};
    const Edit sameState = ReplaceInitialState{std::string(before->initialState()->view)};
    for (const Edit& edit : {same, sameState}) {
      QCOMPARE(o.document.push(edit), std::nullopt);
      QCOMPARE(o.document.pushAll({edit}, QStringLiteral("same")), QStringList());
    }
    QCOMPARE(o.document.undoStack().count(), 0);
    QVERIFY(!o.document.isModified());
    QCOMPARE(o.document.snapshot().recording, before);

    QCOMPARE(o.document.push(ReplaceInitialState{"other"}), std::nullopt);
    QCOMPARE(o.document.undoStack().count(), 1);
    QVERIFY(o.document.isModified());
  }

  void whatWasEditedElsewhereIsPushedOnlyOverWhatItWasMadeOf() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const Snapshot before = o.document.snapshot();
    const auto edited = [&](std::uint64_t value) {
      const auto after = retake::apply(*before.recording, ReplaceMessage{o.idAt(1), field(1, value), {}});
      return EditedRecording::compare(before.recording, before.calls,
                                      std::make_shared<const Recording>(*after));
    };
    QVERIFY(o.document.push(EditedRecording::compare(before.recording, before.calls, before.recording),
                            QStringLiteral("nothing")));
    QCOMPARE(o.document.undoStack().count(), 0);
    const EditedRecording first = edited(8);
    const EditedRecording second = edited(9);
    QCOMPARE(first.entries, std::vector{o.idAt(1)});
    QVERIFY(o.document.push(first, QStringLiteral("eight")));
    QCOMPARE(o.document.undoStack().undoText(), QStringLiteral("eight"));
    QVERIFY(!o.document.push(second, QStringLiteral("nine")));
    QCOMPARE(o.document.undoStack().count(), 1);
    QCOMPARE(o.document.snapshot().recording->entry(1)->fields.message, field(1, std::uint64_t{8}));
    QCOMPARE(o.document.editedEntries(), std::vector{o.idAt(1)});
    o.document.undoStack().undo();
    QCOMPARE(o.document.snapshot().recording, before.recording);
    QVERIFY(o.document.push(second, QStringLiteral("nine")));
  }

  void callsAreRegroupedOnlyWhenEntriesComeOrGo() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const auto calls = o.document.snapshot().calls;
    QCOMPARE(o.document.push(ReplaceStatus{o.idAt(3), Status{7, "not yours", {}}}), std::nullopt);
    QCOMPARE(o.document.snapshot().calls, calls);
    QCOMPARE(o.document.push(Repair{Repair::Kind::AnswerRequest, o.idAt(9)}), std::nullopt);
    QVERIFY(o.document.snapshot().calls != calls);
    o.document.undoStack().undo();
    QCOMPARE(o.document.snapshot().calls, calls);
  }

  void aWorkspaceIsOneUndoStep() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QSignalSpy changed(&o.document, &Document::changed);
    QSignalSpy modified(&o.document, &Document::modifiedChanged);
    const auto recording = o.document.snapshot().recording;
    Workspace workspace = *o.document.snapshot().workspace;
    workspace.policy.match.reuse = Reuse::Cycle;
    o.document.pushWorkspace(workspace, QStringLiteral("reuse: start again"));
    QCOMPARE(o.document.undoStack().undoText(), QStringLiteral("reuse: start again"));
    QVERIFY(o.document.snapshot().workspace->policy.match.reuse == Reuse::Cycle);
    QCOMPARE(o.document.snapshot().recording, recording);
    QVERIFY(o.document.isModified());
    QVERIFY(!o.document.isRecordingModified());
    QCOMPARE(changed.size(), 1);
    const auto change = changed[0][0].value<SnapshotChange>();
    QVERIFY(change.workspace && !change.calls && change.entries.empty());

    o.document.pushWorkspace(workspace, QStringLiteral("the same again"));
    QCOMPARE(o.document.undoStack().count(), 1);

    o.document.undoStack().undo();
    QVERIFY(*o.document.snapshot().workspace == Workspace{});
    QVERIFY(!o.document.isModified());
    QCOMPARE(modified.size(), 2);
  }

  void anEditAndAWorkspaceAreOneStepTogether() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    Workspace workspace;
    workspace.notes = "why";
    QCOMPARE(o.document.pushAll({ReplaceMessage{o.idAt(1), field(1, std::uint64_t{8}), {}}},
                                QStringLiteral("remedy"), workspace),
             QStringList());
    QCOMPARE(o.document.undoStack().count(), 1);
    QVERIFY(o.document.isRecordingModified());
    QVERIFY(o.document.isWorkspaceModified());
    o.document.undoStack().undo();
    QVERIFY(!o.document.isRecordingModified());
    QVERIFY(!o.document.isWorkspaceModified());
    o.document.undoStack().redo();
    QCOMPARE(o.document.snapshot().workspace->notes, std::string("why"));

    // An edit that is refused leaves the rest of its step, as pushAll() says.
    workspace.notes = "other";
    QCOMPARE(
        o.document.pushAll({ReplaceStatus{o.idAt(0), Status{5, "x", {}}}}, QStringLiteral("half"), workspace)
            .size(),
        1);
    QCOMPARE(o.document.snapshot().workspace->notes, std::string("other"));
  }

  void anIdIsNeverThatOfACallThatWasUndone() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const auto insert = [&o] {
      const Snapshot& s = o.document.snapshot();
      const auto copy = copyOfCall(*s.recording, (*s.calls)[0]);
      QSignalSpy changed(&o.document, &Document::changed);
      if (!copy || o.document.push(*copy)) return EntryId{};
      return changed[0][0].value<SnapshotChange>().entries.front();
    };
    const EntryId first = insert();
    QVERIFY(first);
    o.document.undoStack().undo();
    const EntryId second = insert();
    QVERIFY(second);
    QVERIFY(first != second);
    QVERIFY(!o.document.snapshot().recording->position(first));
  }

  void savesAndIsCleanAgain() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const QByteArray before = OpenedDocument::read(o.document.path());
    QCOMPARE(o.document.push(ReplaceMessage{o.idAt(1), field(1, std::uint64_t{8}), {}}), std::nullopt);
    QSignalSpy saved(&o.document, &Document::saved);
    o.document.save();
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(!o.document.isModified());
    const QByteArray after = OpenedDocument::read(o.document.path());
    QVERIFY(after != before);
    QCOMPARE(after.size(), before.size());

    // Undoing past what was saved is a change again, and saving that gives back the old bytes.
    o.document.undoStack().undo();
    QVERIFY(o.document.isModified());
    QTRY_VERIFY(!o.document.isBusy());
    o.document.save();
    QTRY_COMPARE(saved.size(), 2);
    QCOMPARE(OpenedDocument::read(o.document.path()), before);
  }

  void savesElsewhereAndStaysThere() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const QString first = o.document.path();
    const QByteArray before = OpenedDocument::read(first);
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    QSignalSpy saved(&o.document, &Document::saved);
    o.document.saveAs(o.folder.filePath("copy.replay"));
    QTRY_COMPARE(saved.size(), 1);
    QCOMPARE(o.document.displayName(), QStringLiteral("copy.replay"));
    QCOMPARE(OpenedDocument::read(first), before);
  }

  void savingWhereNothingCanBeWrittenKeepsTheEdits() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    QSignalSpy failed(&o.document, &Document::saveFailed);
    o.document.saveAs(o.folder.filePath("no/such/folder/copy.replay"));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(failed[0][1].toString().contains(QStringLiteral("copy.replay")));
    QVERIFY(o.document.isModified());
    QCOMPARE(o.document.displayName(), QStringLiteral("test.replay"));
    QCOMPARE(o.document.undoStack().count(), 1);
  }

  void asksBeforeItReplacesWhatAnotherProgramWrote() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    const std::string theirs = retake::test::ReplayFile("theirs").bytes();
    o.write("test.replay", theirs);
    QSignalSpy asked(&o.document, &Document::changedOnDisk);
    QSignalSpy saved(&o.document, &Document::saved);
    o.document.save();
    QTRY_COMPARE(asked.size(), 1);
    QCOMPARE(OpenedDocument::read(o.document.path()).toStdString(), theirs);
    QVERIFY(o.document.isModified());
    QTRY_VERIFY(!o.document.isBusy());
    o.document.saveOver();
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(OpenedDocument::read(o.document.path()).contains("other seed"));
    QVERIFY(!o.document.isModified());
  }

  void writesAFileAgainThatIsGone() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    const QByteArray before = OpenedDocument::read(o.document.path());
    QVERIFY(QFile::remove(o.document.path()));
    QSignalSpy saved(&o.document, &Document::saved);
    o.document.save();
    QTRY_COMPARE(saved.size(), 1);
    QCOMPARE(OpenedDocument::read(o.document.path()), before);
  }

  void whatCannotBeOpenedLeavesTheOpenOne_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("said");
    QTest::newRow("empty") << QByteArray() << "bad.replay";
    QTest::newRow("text") << QByteArray("hello, this is no recording") << "bad.replay";
    QTest::newRow("httpreplay") << QByteArray("{\"Initial\": null}") << "HTTP";
  }
  void whatCannotBeOpenedLeavesTheOpenOne() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, said);
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    const auto before = o.document.snapshot().recording;
    QSignalSpy failed(&o.document, &Document::failed);
    o.document.open(o.write("bad.replay", bytes.toStdString()));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(failed[0][0].toString().contains(said), qPrintable(failed[0][0].toString()));
    QCOMPARE(o.document.snapshot().recording, before);
    QCOMPARE(o.document.displayName(), QStringLiteral("test.replay"));
    QVERIFY(o.document.isModified());
  }

  void missingFilesAndFoldersFail_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("missing") << "nothing.replay";
    QTest::newRow("folder") << ".";
  }
  void missingFilesAndFoldersFail() {
    QFETCH(QString, name);
    OpenedDocument o;
    QSignalSpy failed(&o.document, &Document::failed);
    o.document.open(o.folder.filePath(name));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!o.document.isOpen());
  }

  void findsProblemsAndTheirRepairIsUndone() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QTRY_COMPARE(o.document.problems().size(), std::size_t{1});  // the REQUEST without RESPONSE
    QVERIFY(o.document.problems()[0].repair.kind == Repair::Kind::AnswerRequest);
    QCOMPARE(o.document.push(o.document.problems()[0].repair), std::nullopt);
    QTRY_VERIFY(o.document.problems().empty());
    o.document.undoStack().undo();
    QTRY_COMPARE(o.document.problems().size(), std::size_t{1});
  }

  void openingAnotherFileForgetsTheEdits() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    QVERIFY(o.open(o.write("second.replay", retake::test::ReplayFile().bytes())));
    QVERIFY(!o.document.isModified());
    QCOMPARE(o.document.undoStack().count(), 0);
    QVERIFY(o.document.problems().empty());
  }

  void aSampleHasNoFileToSaveTo() {
    OpenedDocument o;
    QSignalSpy opened(&o.document, &Document::fileOpened);
    o.document.openSample(o.write("depot.replay", cartFile().bytes()));
    QTRY_COMPARE(opened.size(), 1);
    QVERIFY(o.document.path().isEmpty());
    QCOMPARE(o.document.displayName(), QStringLiteral("depot.replay"));
    QTRY_VERIFY(!o.document.isBusy());
    QSignalSpy failed(&o.document, &Document::failed);
    o.document.save();
    QCOMPARE(failed.size(), 1);
  }

  void loadsASchemaAndSaysWhatIsWrongWithAnother() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QSignalSpy loaded(&o.document, &Document::schemaLoaded);
    const QString good =
        o.write("cart.proto", "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string sku = 1; }\n");
    o.document.setSchemaPlaces({good});
    QTRY_COMPARE(loaded.size(), 1);
    QVERIFY(o.document.snapshot().schema->message("shop.v1.Item"));
    QTRY_VERIFY(!o.document.isBusy());

    QSignalSpy failed(&o.document, &Document::failed);
    o.document.setSchemaPlaces({o.write("bad.proto", "syntax = \"proto3\";\nmessage {\n")});
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(failed[0][0].toString().contains(QStringLiteral("bad.proto:2:")),
             qPrintable(failed[0][0].toString()));
    QVERIFY(o.document.snapshot().schema->message("shop.v1.Item"));
    QCOMPARE(o.document.schemaPlaces(), QStringList{good});
  }

  void closesToNothing() {
    OpenedDocument o;
    QVERIFY(o.open(cartFile()));
    QCOMPARE(o.document.push(ReplaceInitialState{"other seed"}), std::nullopt);
    o.document.close();
    QVERIFY(!o.document.isOpen());
    QVERIFY(!o.document.isModified());
    QCOMPARE(o.document.snapshot().calls->size(), 0u);
  }
};

QTEST_MAIN(tst_Document)
#include "tst_document.moc"
