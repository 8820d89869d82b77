#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTest>

#include "detail/drafts.h"
#include "opened_document.h"
#include "theme/theme.h"
#include "window/actions.h"
#include "window/close_guard.h"
#include "window/file_flow.h"
#include "window/message_bar.h"
#include "window/recent_files.h"
#include "window/schema_flow.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::OpenedDocument;

namespace {

// What stands between a person and losing text, without the panes.
struct Flow : OpenedDocument {
  QWidget window;
  Drafts drafts{document};
  MessageBar bar;
  RecentFiles recent;
  Actions actions{document.undoStack(), nullptr};
  CloseGuard guard{document, drafts, &window};
  FileFlow files{document, guard, bar, recent, &window};
  SchemaFlow schemas{document, actions, &window};

  Flow() {
    QObject::connect(&files, &FileFlow::schemaFound, &schemas, &SchemaFlow::replace);
    window.show();
    if (!open(cartFile())) qFatal("cannot open the test file");
  }
  void edit(const char* state = "typed meanwhile") {
    if (const auto why = document.push(ReplaceInitialState{state})) qFatal("%s", qPrintable(*why));
  }
  QMessageBox* question(const char* name) {
    QMessageBox* found = nullptr;
    (void)QTest::qWaitFor([&] {
      found = window.findChild<QMessageBox*>(QLatin1String(name));
      return found && found->isVisible();
    });
    return found;
  }
  bool answer(const char* name, QMessageBox::StandardButton button) {
    QMessageBox* box = question(name);
    if (box) QTest::mouseClick(box->button(button), Qt::LeftButton);
    return box;
  }
  bool idle() {
    return QTest::qWaitFor([&] { return !document.isBusy(); });
  }
  // True when it has been opened and the schema is as it is going to be.
  bool opens(const QStringList& paths) {
    QSignalSpy opened(&document, &Document::fileOpened);
    files.openAll(paths);
    if (!QTest::qWaitFor([&] { return !opened.isEmpty(); })) return false;
    QCoreApplication::processEvents();  // what waits for the file to be open
    return idle();
  }
  QStringList schemaNames() const {
    QStringList names;
    for (const QString& place : document.schemaPlaces()) names << QFileInfo(place).fileName();
    return names;
  }
};

std::string proto(const std::string& type) {
  return "syntax = \"proto3\";\npackage shop.v1;\nmessage " + type + " { string sku = 1; }\n";
}

}  // namespace

class tst_FileFlow : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY(m_settings.isValid());
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QCoreApplication::setOrganizationName("retake-tests");
    QCoreApplication::setApplicationName("Retake");
    theme::apply(*qApp, theme::Mode::Light);
  }
  void init() { QSettings().clear(); }

  void whatIsEditedWhileAFileOpensIsAskedAbout_data() {
    QTest::addColumn<int>("answer");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<bool>("saves");
    QTest::newRow("save") << static_cast<int>(QMessageBox::Save) << "second.replay" << true;
    QTest::newRow("discard") << static_cast<int>(QMessageBox::Discard) << "second.replay" << false;
    QTest::newRow("cancel") << static_cast<int>(QMessageBox::Cancel) << "test.replay" << false;
  }
  void whatIsEditedWhileAFileOpensIsAskedAbout() {
    QFETCH(int, answer);
    QFETCH(QString, shown);
    QFETCH(bool, saves);
    Flow f;
    const QString first = f.document.path();
    f.files.open(f.write("second.replay", cartFile().bytes()));
    QVERIFY(f.document.isBusy());
    f.edit();
    QVERIFY(f.answer("saveQuestion", static_cast<QMessageBox::StandardButton>(answer)));
    QTRY_COMPARE(f.document.displayName(), shown);
    QVERIFY(f.idle());
    QCOMPARE(OpenedDocument::read(first).contains("typed meanwhile"), saves);
    QCOMPARE(f.document.isModified(), answer == QMessageBox::Cancel);
  }

  void aDraftBegunWhileAFileOpensIsAskedAbout() {
    Flow f;
    f.files.open(f.write("second.replay", cartFile().bytes()));
    f.drafts.set(f.idAt(0), {Draft::Kind::Message, "{ half"});
    QVERIFY(f.answer("draftQuestion", QMessageBox::Cancel));
    QCOMPARE(f.document.displayName(), QStringLiteral("test.replay"));
    QCOMPARE(f.drafts.count(), 1);
  }

  void whatWasDiscardedIsNotAskedAboutAgainWhenTheFileIsThere() {
    Flow f;
    f.edit("to be lost");
    f.drafts.set(f.idAt(0), {Draft::Kind::Message, "{ half"});
    f.files.open(f.write("second.replay", cartFile().bytes()));
    auto* box = f.question("draftQuestion");
    QVERIFY(box);
    QTest::mouseClick(box->findChild<QPushButton*>("discardDrafts"), Qt::LeftButton);
    QVERIFY(f.answer("saveQuestion", QMessageBox::Discard));
    QTRY_COMPARE(f.document.displayName(), QStringLiteral("second.replay"));
  }

  void whatIsEditedDuringTheSaveIsAskedAboutAgain_data() {
    QTest::addColumn<bool>("draft");
    QTest::newRow("an edit") << false;
    QTest::newRow("a draft") << true;
  }
  void whatIsEditedDuringTheSaveIsAskedAboutAgain() {
    QFETCH(bool, draft);
    Flow f;
    f.edit("first");
    bool closed = false;
    f.guard.ask([&closed] { closed = true; });
    connect(&f.guard, &CloseGuard::saveRequested, this, [&f, draft] {
      if (draft)
        f.drafts.set(f.idAt(0), {Draft::Kind::Message, "{ half"});
      else
        f.edit("second");
    });
    QSignalSpy saved(&f.document, &Document::saved);
    QVERIFY(f.answer("saveQuestion", QMessageBox::Save));
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(f.answer(draft ? "draftQuestion" : "saveQuestion", QMessageBox::Cancel));
    QVERIFY(!closed);
    QCOMPARE(f.document.isModified(), !draft);
    QCOMPARE(f.drafts.count(), draft ? 1 : 0);
  }

  void aSchemaThatCameWithAFileGoesWithIt() {
    Flow f;
    QVERIFY(f.opens({f.write("a.replay", cartFile().bytes()), f.write("a.proto", proto("A"))}));
    QCOMPARE(f.schemaNames(), QStringList{"a.proto"});
    QVERIFY(f.opens({f.folder.filePath("a.replay")}));  // the same once more
    QCOMPARE(f.schemaNames(), QStringList{"a.proto"});
    QVERIFY(f.opens({f.write("b.replay", cartFile().bytes())}));
    QCOMPARE(f.schemaNames(), QStringList());
    QVERIFY(f.document.snapshot().schema->isBuiltinOnly());
    QTRY_VERIFY(f.document.problems().size() <= 1);  // its own: a request without an answer
  }

  void aSchemaThatWasChosenStays() {
    Flow f;
    f.files.openAll({f.write("mine.proto", proto("Mine"))});
    QTRY_COMPARE(f.schemaNames(), QStringList{"mine.proto"});
    QVERIFY(f.idle());
    QVERIFY(f.opens({f.write("a.replay", cartFile().bytes()), f.write("a.proto", proto("A")),
                     f.folder.filePath("mine.proto")}));
    QCOMPARE(f.schemaNames(), (QStringList{"mine.proto", "a.proto"}));
    QVERIFY(f.opens({f.write("b.replay", cartFile().bytes()), f.write("b.proto", proto("B"))}));
    QCOMPARE(f.schemaNames(), (QStringList{"mine.proto", "b.proto"}));
    f.files.openWith({f.folder.filePath("a.replay")}, {f.folder.filePath("a.proto")});
    QTRY_COMPARE(f.schemaNames(), (QStringList{"mine.proto", "a.proto"}));
    QVERIFY(f.idle());
    QVERIFY(f.opens({f.folder.filePath("b.replay")}));
    QCOMPARE(f.schemaNames(), (QStringList{"mine.proto", "a.proto"}));  // --schema
  }

  void theSchemaKeptWithARecordingIsLoaded() {
    Flow f;
    f.write("kept.proto", proto("Kept"));
    f.write("a.retake", "schema: \"kept.proto\"\n");
    QVERIFY(f.opens({f.write("a.replay", cartFile().bytes())}));
    QCOMPARE(f.schemaNames(), QStringList{"kept.proto"});
    QVERIFY(!f.document.isModified());
    QVERIFY(!f.actions.keepSchema->isEnabled());
    // What is named with the file stands in its place, and all goes with the file.
    QVERIFY(f.opens({f.write("b.replay", cartFile().bytes())}));
    QCOMPARE(f.schemaNames(), QStringList());
    QVERIFY(f.opens({f.folder.filePath("a.replay"), f.write("other.proto", proto("Other"))}));
    QCOMPARE(f.schemaNames(), QStringList{"other.proto"});
    QVERIFY(f.opens({f.folder.filePath("b.replay")}));
    QCOMPARE(f.schemaNames(), QStringList());
  }

  void aSchemaIsKeptWithTheRecording() {
    Flow f;
    QVERIFY(!f.actions.keepSchema->isEnabled());
    f.files.openAll({f.write("mine.proto", proto("Mine"))});
    QTRY_COMPARE(f.schemaNames(), QStringList{"mine.proto"});
    QVERIFY(f.idle());
    QVERIFY(f.actions.keepSchema->isEnabled());
    f.actions.keepSchema->trigger();
    QVERIFY(!f.actions.keepSchema->isEnabled());
    QVERIFY(f.document.isWorkspaceModified());
    QSignalSpy saved(&f.document, &Document::saved);
    f.document.save();
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(OpenedDocument::read(f.folder.filePath("test.retake")).contains("schema: \"mine.proto\""));
    f.document.undoStack().undo();
    QVERIFY(f.actions.keepSchema->isEnabled());
  }

  void settingsThatCannotBeReadAreToldOnce() {
    Flow f;
    f.write("a.retake", "reuse\n");
    QVERIFY(f.opens({f.write("a.replay", cartFile().bytes())}));
    QVERIFY2(f.bar.message().contains("a.retake:"), qPrintable(f.bar.message()));
    QCOMPARE(f.document.displayName(), QStringLiteral("a.replay"));
    Workspace workspace;
    workspace.notes = "new";
    f.document.pushWorkspace(workspace, QStringLiteral("notes"));
    f.files.save();
    QMessageBox* box = f.question("changedOnDiskQuestion");
    QVERIFY(box);
    QVERIFY2(box->text().contains("a.retake could not be read"), qPrintable(box->text()));
    QTest::mouseClick(box->findChild<QPushButton*>("saveOver"), Qt::LeftButton);
    QTRY_VERIFY(!f.document.isModified());
    QVERIFY(f.idle());
    QCOMPARE(OpenedDocument::read(f.folder.filePath("a.retake")).contains("new"), true);
  }

  void closingAsksAboutSettingsToo() {
    Flow f;
    Workspace workspace;
    workspace.notes = "new";
    f.document.pushWorkspace(workspace, QStringLiteral("notes"));
    bool closed = false;
    f.guard.ask([&closed] { closed = true; });
    QMessageBox* box = f.question("saveQuestion");
    QVERIFY(box);
    QVERIFY2(box->text().contains("settings of test.replay"), qPrintable(box->text()));
    QTest::mouseClick(box->button(QMessageBox::Save), Qt::LeftButton);
    QTRY_VERIFY(closed);
    QVERIFY(QFileInfo::exists(f.folder.filePath("test.retake")));
  }

 private:
  QTemporaryDir m_settings;
};

QTEST_MAIN(tst_FileFlow)
#include "tst_file_flow.moc"
