#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QTableView>
#include <QTest>

#include "calls/call_table_model.h"
#include "detail/text_label.h"
#include "main_window_fixture.h"
#include "stall_watchdog.h"
#include "timeline/timeline_view.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::field;
using retake::test::StallWatchdog;
using retake::test::TestSettings;
using retake::test::Window;

// What menus and keys do.
class tst_WindowCommands : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { m_settings = std::make_unique<TestSettings>(); }
  void init() { QSettings().clear(); }

  void filtersFromTheKeyboard() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w->activateWindow();
    auto* table = w.child<QTableView>("callTable");
    auto* filter = w.child<QLineEdit>("filterEdit");
    w.action("filter")->trigger();
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, "cart");
    QCOMPARE(table->model()->rowCount(), 3);
    QVERIFY(w.child<TextLabel>("statusText")->text().startsWith("3 of 4 shown"));
    QTest::keyClick(filter, Qt::Key_Down);
    QTRY_VERIFY(table->hasFocus());
    w.action("clearFilter")->trigger();
    QCOMPARE(table->model()->rowCount(), 4);
  }

  void goesFromErrorToError() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w.action("nextError")->trigger();
    QCOMPARE(w->selection().call(), std::optional(1u));
    w.action("nextError")->trigger();  // there is no other
    QCOMPARE(w->selection().call(), std::optional(1u));
    w.action("nextCall")->trigger();
    w.action("previousError")->trigger();
    QCOMPARE(w->selection().call(), std::optional(1u));
    w.action("back")->trigger();
    QCOMPARE(w->selection().call(), std::optional(2u));
  }

  void whatStandsInAFieldOfTheServerIsSaved() {
    Window w;
    const QString path = w.write("service.replay", cartFile().bytes());
    QVERIFY(w.opens(path));
    w->activateWindow();
    Workspace workspace;
    workspace.policy.extra = ExtraCalls::Forward;
    w->document().pushWorkspace(workspace, "test");
    w.action("serverOptions")->trigger();
    auto* address = w.child<QLineEdit>("serverUpstream");
    QTRY_VERIFY(address->isVisible() && !address->visibleRegion().isEmpty());
    address->setFocus();
    QTRY_VERIFY(address->hasFocus());
    QTest::keyClicks(address, "localhost:1");
    w.action("save")->trigger();
    QVERIFY(w.idle());
    QVERIFY(!w->document().isModified());
    QCOMPARE(w->document().snapshot().workspace->upstream.address, "localhost:1");
    QVERIFY(address->hasFocus());
  }

  void thatSettingsCannotBeReadStaysToBeSeen() {
    Window w;
    const QString schema = w.write("cart.proto", "syntax = \"proto3\";\n");
    w.write("service.retake", "reuse\n");
    QSignalSpy loaded(&w->document(), &Document::schemaLoaded);
    w->open({w.write("service.replay", cartFile().bytes())}, {schema});
    QTRY_COMPARE(loaded.count(), 1);
    QVERIFY(w.barShown());
    QVERIFY2(w.barText().contains("cannot be read"), qPrintable(w.barText()));
  }

  void everyCommandIsInAMenuWithItsOwnKey() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    QHash<QString, QString> owners;
    QStringList without;
    const std::function<void(const QList<QAction*>&)> visit = [&](const QList<QAction*>& actions) {
      for (QAction* action : actions) {
        if (action->menu()) {
          visit(action->menu()->actions());
          continue;
        }
        if (action->isSeparator() || action->objectName().isEmpty()) continue;
        if (action->shortcuts().isEmpty()) without << action->objectName();
        for (const QKeySequence& key : action->shortcuts()) {
          const QString other = owners.value(key.toString());
          QVERIFY2(other.isEmpty() || other == action->objectName() ||
                       action->shortcutContext() != Qt::WindowShortcut,
                   qPrintable(key.toString() + ": " + other + " and " + action->objectName()));
          owners.insert(key.toString(), action->objectName());
        }
      }
    };
    visit(w->menuBar()->actions());
    QVERIFY(owners.size() > 30);
    QVERIFY2(without.isEmpty(), qPrintable("no key: " + without.join(", ")));
  }

  void findsCommandsByTheirWords() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w.action("commands")->trigger();
    auto* palette = w.find<QDialog>("commandPalette");
    QVERIFY(palette);
    auto* list = palette->findChild<QListWidget*>("commandList");
    QVERIFY(list->count() > 30);
    auto* edit = palette->findChild<QLineEdit*>("commandEdit");
    QTest::keyClicks(edit, "go next error");
    QCOMPARE(list->count(), 1);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(w->selection().call(), std::optional(1u));
  }

  void remembersRecentFilesAndForgetsThoseThatAreGone() {
    QString gone;
    {
      Window w;
      gone = w.write("service.replay", cartFile().bytes());
      QVERIFY(w.opens(gone));
    }
    Window w;
    auto* list = w.child<QListWidget>("recentList");
    QCOMPARE(list->count(), 1);
    QCOMPARE(list->item(0)->data(Qt::UserRole).toString(), gone);
    w->open({gone});  // its folder was temporary
    QTRY_VERIFY(w.barShown());
    QTRY_COMPARE(list->count(), 0);
  }

  void rememberTheThemeThatWasChosen() {
    Window w;
    w.action("theme-dark")->trigger();
    QVERIFY(theme::isDark());
    QCOMPARE(QSettings().value("theme").toString(), QStringLiteral("dark"));
    w.action("theme-light")->trigger();
    QVERIFY(!theme::isDark());
  }

  void bringsTheLayoutBackAndIgnoresOneOfAnotherVersion() {
    const auto visible = [](Window& w) { return w.child<QDockWidget>("Server")->isVisible(); };
    const auto reopen = [](MainWindow::Layout layout, const QString& path) {
      auto window = std::make_unique<MainWindow>(layout);
      window->show();
      QSignalSpy opened(&window->document(), &Document::fileOpened);
      window->open({path});
      (void)QTest::qWaitFor([&] { return !opened.isEmpty(); });
      return window;
    };
    Window w;
    const QString path = w.write("service.replay", cartFile().bytes());
    QVERIFY(w.opens(path));
    w.child<QDockWidget>("Server")->close();
    QVERIFY(!visible(w));
    w->close();
    const auto hidden = [](MainWindow& window) {
      return window.findChild<QDockWidget*>("Server")->isHidden();
    };
    QVERIFY(hidden(*reopen(MainWindow::Layout::Remembered, path)));
    QVERIFY(!hidden(*reopen(MainWindow::Layout::Safe, path)));
    QSettings().setValue("layout/version", 99);
    QVERIFY(!hidden(*reopen(MainWindow::Layout::Remembered, path)));
  }

  void theWindowStaysResponsiveWithManyCalls() {
    retake::test::ReplayFile file;
    for (int i = 0; i < 50'000; ++i)
      file.unary("/shop.v1.Cart/Add", {"shop.v1.Item", field(1, "sku")},
                 {"shop.v1.Cart", field(1, static_cast<std::uint64_t>(i))});
    Window w;
    const QString path = w.write("large.replay", file.bytes());
    StallWatchdog watchdog;
    QVERIFY(w.opens(path));
    w.edit();
    w.child<QLineEdit>("filterEdit")->setText("add");
    w.action("undo")->trigger();
    QCoreApplication::processEvents();
    qInfo("longest stall: %lld ms", static_cast<long long>(watchdog.longest()));
    QVERIFY2(watchdog.longest() < StallWatchdog::kLimitMs, qPrintable(QString::number(watchdog.longest())));
  }

  void duplicatesTheSelectedCall() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w->selection().selectCall(1);
    w.action("duplicateCall")->trigger();
    QCOMPARE(w->document().snapshot().calls->size(), 5u);
    QCOMPARE(w->selection().call(), std::optional(2u));
    QCOMPARE(w->document().undoStack().undoText(), QStringLiteral("copy of call 2"));
    auto* table = w.child<QTableView>("callTable");
    QCOMPARE(table->model()->index(2, 3).data().toString(), table->model()->index(1, 3).data().toString());
    QCOMPARE(table->currentIndex().row(), 2);
    // Back to the call before, also past what undo takes away.
    w.action("undo")->trigger();
    QCOMPARE(w->document().snapshot().calls->size(), 4u);
    QVERIFY(!w->document().isModified());
    w.action("back")->trigger();
    QCOMPARE(w->selection().call(), std::optional(1u));
  }

  void deletesTheSelectedCallAndGoesOnWithTheNext() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    auto* table = w.child<QTableView>("callTable");
    QTRY_VERIFY(table->hasFocus());
    w->selection().selectCall(2);
    QTest::keyClick(table, Qt::Key_Delete);
    QCOMPARE(w->document().snapshot().calls->size(), 3u);
    QCOMPARE(w->selection().call(), std::optional(2u));  // which was the fourth
    QTest::keyClick(table, Qt::Key_Delete);
    QCOMPARE(w->selection().call(), std::optional(1u));  // there is none behind it
    QTest::keyClick(table, Qt::Key_Delete);
    QTest::keyClick(table, Qt::Key_Delete);
    QCOMPARE(w->document().snapshot().calls->size(), 0u);
    QVERIFY(!w.action("removeCall")->isEnabled());
    for (int i = 0; i < 4; ++i) w.action("undo")->trigger();
    QCOMPARE(w->document().snapshot().calls->size(), 4u);
    QVERIFY(!w->document().isModified());
  }

  void deleteLeavesTheCallWhereTextIsTyped() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    auto* filter = w.child<QLineEdit>("filterEdit");
    filter->setText("add");
    filter->setFocus();
    filter->setCursorPosition(0);
    QTest::keyClick(filter, Qt::Key_Delete);
    QCOMPARE(filter->text(), QStringLiteral("dd"));
    QCOMPARE(w->document().snapshot().calls->size(), 4u);
  }

  void aDraftStandsInTheStatusLineAndLeadsThere() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    auto* mark = w.child<TextLabel>("statusDraft");
    QVERIFY(!mark->isVisible());
    const EntryId answer = w->document().snapshot().recording->info(3).id;
    w->drafts().set(answer, {Draft::Kind::Message, "{ half"});
    QVERIFY(mark->isVisible());
    QCOMPARE(mark->text(), QString::fromUtf8("✎ 1 draft not applied"));
    QTest::mouseClick(mark, Qt::LeftButton);
    QCOMPARE(w->selection().entry(), answer);
    w->drafts().remove(answer);
    QVERIFY(!mark->isVisible());
  }

  void theStatusLineDoesNotKeepTheWindowWide() {
    Window w;
    QVERIFY(w.opens(w.write(QString(80, u'n') + ".replay", cartFile().bytes())));
    QVERIFY(w.child<QWidget>("statusLine")->minimumSizeHint().width() < 600);
  }

  void marksTheCallsThatWereAnswered() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    const Snapshot& s = w->document().snapshot();
    const EntryId call = s.recording->info((*s.calls)[1].first).id;
    auto* model = w.child<QTableView>("callTable")->model();
    const auto used = [&](int row) { return model->index(row, 0).data(CallTableModel::UsedRole).toBool(); };
    QVERIFY(!used(1));
    emit w->server().hit({call, call});
    QVERIFY(used(1));
    QVERIFY(!used(0));
    // It is the call's, wherever that stands.
    w->selection().selectCall(0);
    w.action("removeCall")->trigger();
    QVERIFY(used(0));
    emit w->server().usedForgotten();
    QVERIFY(!used(0));
  }

  void theWidthOfNamesStays() {
    {
      Window w;
      QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
      w.child<TimelineView>("timelineView")->chooseLabelWidth(317);
      w->close();
    }
    MainWindow again(MainWindow::Layout::Remembered);
    again.show();
    QTemporaryDir folder;
    QFile file(folder.filePath("other.replay"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(cartFile().bytes()));
    file.close();
    QSignalSpy opened(&again.document(), &Document::fileOpened);
    again.open({file.fileName()});
    QTRY_COMPARE(opened.size(), 1);
    QTRY_COMPARE(again.findChild<TimelineView*>("timelineView")->labelWidth(), 317);
  }

 private:
  std::unique_ptr<TestSettings> m_settings;
};

QTEST_MAIN(tst_WindowCommands)
#include "tst_window_commands.moc"
