#include <QFileDialog>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "detail/text_label.h"
#include "main_window_fixture.h"
#include "stall_watchdog.h"
#include "window/file_kind.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::field;
using retake::test::StallWatchdog;
using retake::test::TestSettings;
using retake::test::Window;

namespace {

const std::string kProto = "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string sku = 1; }\n";

}  // namespace

class tst_MainWindow : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { m_settings = std::make_unique<TestSettings>(); }
  void init() { QSettings().clear(); }

  void beginsWithTheStartPage() {
    Window w;
    QVERIFY(w.child<QWidget>("startPage")->isVisible());
    QVERIFY(!w.child<QTableView>("callTable")->isVisible());
    QVERIFY(!w.action("save")->isEnabled());
    QVERIFY(w.action("open")->isEnabled());
    QCOMPARE(w->windowTitle(), QStringLiteral("Retake"));
  }

  void opensARecording() {
    Window w;
    StallWatchdog watchdog;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    QVERIFY(w.child<QTableView>("callTable")->isVisible());
    QCOMPARE(w.child<QTableView>("callTable")->model()->rowCount(), 4);
    QCOMPARE(w->windowTitle(), QStringLiteral("service.replay[*] — 4 calls"));
    QCOMPARE(w->selection().call(), std::optional(0u));
    QVERIFY(w.child<TextLabel>("statusText")->text().startsWith("4 calls"));
    QVERIFY2(watchdog.longest() < StallWatchdog::kLimitMs, qPrintable(QString::number(watchdog.longest())));
  }

  void theSampleOpensWithItsSchemaAndSavingAsksWhere() {
    Window w;
    QSignalSpy schema(&w->document(), &Document::schemaLoaded);
    QTest::mouseClick(w.child<QPushButton>("startSample"), Qt::LeftButton);
    QTRY_COMPARE(schema.size(), 1);
    QVERIFY(w->document().snapshot().calls->size() > 0);
    QVERIFY(!w->document().snapshot().schema->isBuiltinOnly());
    QTRY_VERIFY(!w->document().isBusy());
    w.action("save")->trigger();
    auto* dialog = w.find<QFileDialog>("saveDialog");
    QVERIFY(dialog);
    QSignalSpy saved(&w->document(), &Document::saved);
    dialog->setDirectory(w.path("."));
    dialog->selectFile("mine.replay");
    static_cast<QDialog*>(dialog)->accept();
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(QFile::exists(w.path("mine.replay")));
  }

  void titleAndMarkFollowTheEdits() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w.edit();
    QCOMPARE(w->windowTitle(), QStringLiteral("service.replay[*] — 4 calls · 1 edit"));
    QVERIFY(w->isWindowModified());
    w.action("undo")->trigger();
    QCOMPARE(w->windowTitle(), QStringLiteral("service.replay[*] — 4 calls"));
    QVERIFY(!w->isWindowModified());
  }

  void whatStandsInAFieldIsSavedAndAskedAbout() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    auto* tree = w.child<QTreeView>("messageTree");
    QVERIFY(!w.action("save")->isEnabled());
    QLineEdit* line = nullptr;
    const auto type = [&](const QString& text) {
      const QModelIndex value = tree->model()->index(0, tree->model()->columnCount() - 1);
      tree->setFocus();
      tree->setCurrentIndex(value);
      tree->edit(value);
      for (auto* edit : tree->findChildren<QLineEdit*>("leafEditor"))
        if (!edit->isHidden()) line = edit;
      QVERIFY(line);
      line->setText(text);
    };
    const auto saved = [&](std::uint64_t value) {
      const auto bytes = retake::test::OpenedDocument::read(w.path("service.replay"));
      return bytes.contains(field(1, value).c_str());
    };
    type("50000");
    QVERIFY(w.action("save")->isEnabled());
    w.action("save")->trigger();
    QTRY_VERIFY(saved(50000));
    QVERIFY(w.idle());
    type("60000");
    QVERIFY(!w->close());
    w.answer("saveQuestion", QMessageBox::Save);
    QTRY_VERIFY(!w->isVisible());
    QVERIFY(saved(60000));
  }

  void whatDoesNotFitAFieldIsAskedAboutAsADraft() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    auto* tree = w.child<QTreeView>("messageTree");
    const QModelIndex value = tree->model()->index(0, tree->model()->columnCount() - 1);
    tree->setFocus();
    tree->setCurrentIndex(value);
    tree->edit(value);
    w.child<QLineEdit>("leafEditor")->setText("7x");
    QVERIFY(!w->close());
    w.answer("draftQuestion", QMessageBox::Cancel);
    QVERIFY(w->isVisible());
    QCOMPARE(w.child<QLineEdit>("leafEditor")->text(), QStringLiteral("7x"));
  }

  void saysInABarWhatCouldNotBeOpened_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no recording") << QByteArray("just text");
    QTest::newRow("httpreplay") << QByteArray("{ }");
  }
  void saysInABarWhatCouldNotBeOpened() {
    QFETCH(QByteArray, bytes);
    Window w;
    w->open({w.write("bad.replay", bytes.toStdString())});
    QTRY_VERIFY(w.barShown());
    QVERIFY2(w.barText().contains("bad.replay"), qPrintable(w.barText()));
    QVERIFY(w.child<QWidget>("startPage")->isVisible());
    QTest::mouseClick(w.child<QToolButton>("messageClose"), Qt::LeftButton);
    QVERIFY(!w.barShown());
  }

  void asksBeforeClosing_data() {
    QTest::addColumn<int>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<bool>("saves");
    QTest::newRow("save") << static_cast<int>(QMessageBox::Save) << true << true;
    QTest::newRow("discard") << static_cast<int>(QMessageBox::Discard) << true << false;
    QTest::newRow("cancel") << static_cast<int>(QMessageBox::Cancel) << false << false;
  }
  void asksBeforeClosing() {
    QFETCH(int, answer);
    QFETCH(bool, closes);
    QFETCH(bool, saves);
    Window w;
    const QString path = w.write("service.replay", cartFile().bytes());
    QVERIFY(w.opens(path));
    w.edit();
    QSignalSpy saved(&w->document(), &Document::saved);
    QVERIFY(!w->close());
    w.answer("saveQuestion", static_cast<QMessageBox::StandardButton>(answer));
    if (closes)
      QTRY_VERIFY(!w->isVisible());
    else
      QVERIFY(w->isVisible());
    QCOMPARE(saved.size(), saves ? 1 : 0);
    QCOMPARE(retake::test::OpenedDocument::read(path).contains("other seed"), saves);
  }

  void closesAtOnceWhenNothingWouldBeLost() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w->close();
    QVERIFY(!w->isVisible());
  }

  void aSaveThatFailsKeepsTheWindowAndTheEdits() {
    Window w;
    const QString path = w.write("service.replay", cartFile().bytes());
    QVERIFY(w.opens(path));
    w.edit();
    w->document().saveAs(w.path("no/such/place.replay"));
    QTRY_VERIFY(w.barShown());
    QVERIFY(w->document().isModified());
    auto* bar = w.child<QWidget>("messageBar");
    const auto buttons = bar->findChildren<QPushButton*>();
    QCOMPARE(buttons.size(), 1);
    QTest::mouseClick(buttons[0], Qt::LeftButton);
    QVERIFY(w.find<QFileDialog>("saveDialog"));
  }

  void asksBeforeItReplacesWhatAnotherProgramWrote() {
    Window w;
    const QString path = w.write("service.replay", cartFile().bytes());
    QVERIFY(w.opens(path));
    w.edit();
    w.write("service.replay", retake::test::ReplayFile("theirs").bytes());
    w.action("save")->trigger();
    auto* box = w.find<QMessageBox>("changedOnDiskQuestion");
    QVERIFY(box);
    QVERIFY(w.idle());
    QTest::mouseClick(box->findChild<QPushButton*>("saveOver"), Qt::LeftButton);
    QTRY_VERIFY(!w->document().isModified());
    QVERIFY(retake::test::OpenedDocument::read(path).contains("other seed"));
  }

  void opensAnotherFileOnlyAfterAsking() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w.edit();
    const QString second = w.write("second.replay", cartFile().bytes());
    w->open({second});
    w.answer("saveQuestion", QMessageBox::Cancel);
    QCOMPARE(w->document().displayName(), QStringLiteral("service.replay"));
    w->open({second});
    w.answer("saveQuestion", QMessageBox::Discard);
    QTRY_COMPARE(w->document().displayName(), QStringLiteral("second.replay"));
  }

  void takesFilesByWhatTheyAre() {
    Window w;
    const QString recording = w.write("recording", cartFile().bytes());
    const QString proto = w.write("cart.txt", kProto);
    QSignalSpy loaded(&w->document(), &Document::schemaLoaded);
    w->open({proto, recording});
    QTRY_COMPARE(loaded.size(), 1);
    QCOMPARE(w->document().displayName(), QStringLiteral("recording"));
    QVERIFY(w->document().snapshot().schema->message("shop.v1.Item"));
    // Another one adds to it.
    QVERIFY(w.idle());
    w->open({w.write("more.proto",
                     "syntax = \"proto3\";\npackage shop.v1;\nmessage Event { string text = 1; }\n")});
    QTRY_COMPARE(loaded.size(), 2);
    QVERIFY(w->document().snapshot().schema->message("shop.v1.Event"));
    QCOMPARE(w->document().schemaPlaces().size(), 2);
  }

  void tellsKindsOfFilesApart() {
    Window w;
    QCOMPARE(fileKind(w.write("a.proto", cartFile().bytes())), FileKind::Recording);
    QCOMPARE(fileKind(w.write("b.replay", kProto)), FileKind::Schema);
    QCOMPARE(fileKind(w.write("c", field(1, field(1, "a.proto") + field(2, "a")))), FileKind::Schema);
    QCOMPARE(fileKind(w.write("d", "{\"Initial\": null}")), FileKind::Recording);
    QCOMPARE(fileKind(w.write("e", "")), FileKind::Recording);
    QCOMPARE(fileKind(w.path(".")), FileKind::Schema);
    QCOMPARE(fileKind(w.path("missing")), FileKind::Recording);
  }

  void aSchemaThatDoesNotCompileIsToldWithItsLine() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w->open({w.write("bad.proto",
                     "syntax = \"proto3\";\nmessage A { nope x = 1; }\nmessage B { nada y = 1; }\n")});
    QTRY_VERIFY(w.barShown());
    QVERIFY2(w.barText().contains("bad.proto:2:"), qPrintable(w.barText()));
    auto* details = w.child<QToolButton>("messageDetailsButton");
    QVERIFY(details->isVisible());
    QTest::mouseClick(details, Qt::LeftButton);
    QVERIFY(w.child<QWidget>("messageDetails")->isVisible());
  }

 private:
  std::unique_ptr<TestSettings> m_settings;
};

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"
