#include <QClipboard>
#include <QDockWidget>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

#include "calls/call_table_model.h"
#include "detail/text_label.h"
#include "main_window_fixture.h"
#include "schema/sources.h"
#include "serve/replay_server.h"
#include "stall_watchdog.h"
#include "timeline/timeline_view.h"
#include "window/command_palette.h"
#include "window/help_dialog.h"

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

  // What Alt and a letter lead to: in each menu, in each dialog, and in each pane together with the menu bar.
  void noLetterLeadsToTwoPlaces() {
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    QStringList twice;
    const auto check = [&twice](const QString& where, const QStringList& texts) {
      QHash<QChar, QString> taken;
      for (const QString& text : texts) {
        const QKeySequence key = QKeySequence::mnemonic(text);
        if (key.isEmpty()) continue;
        const QChar letter = key.toString().back();
        if (taken.contains(letter)) twice << QStringLiteral("%1: %2 and %3").arg(where, taken[letter], text);
        taken[letter] = text;
      }
    };
    QStringList bar;
    for (const QAction* action : w->menuBar()->actions()) bar << action->text();
    check("menu bar", bar);
    for (const QMenu* menu : w->menuBar()->findChildren<QMenu*>()) {
      QStringList texts;
      for (const QAction* action : menu->actions()) texts << action->text();
      check(menu->title(), texts);
    }
    const auto textsIn = [](const QWidget& pane) {
      QStringList texts;
      for (const auto* label : pane.findChildren<QLabel*>())
        if (label->buddy()) texts << label->text();
      for (const auto* button : pane.findChildren<QAbstractButton*>()) texts << button->text();
      return texts;
    };
    for (const auto* dock : w->findChildren<QDockWidget*>()) check(dock->objectName(), bar + textsIn(*dock));
    check("detail", bar + textsIn(*w.child<QWidget>("detailPane")));
    check("start page", bar + textsIn(*w.child<QWidget>("startPage")));
    w.action("record")->trigger();
    check("record dialog", textsIn(*w.find<QDialog>("recordDialog")));
    QVERIFY2(twice.isEmpty(), qPrintable(twice.join(u'\n')));
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
    QTest::keyClicks(edit, "no such command");
    QCOMPARE(list->item(0)->text(), QString("No command has these words."));
    QTest::keyClick(edit, Qt::Key_Return);  // runs nothing
    QVERIFY(palette->isVisible());
    edit->clear();
    QTest::keyClicks(edit, "go next error");
    QCOMPARE(list->count(), 1);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(w->selection().call(), std::optional(1u));
  }

  void titlesAreReadAlikeInThePaletteAndInTheHelp_data() {
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("read");
    QTest::newRow("a mnemonic") << "Find &again"
                                << "Find again";
    QTest::newRow("an ampersand") << "Find && replace"
                                  << "Find & replace";
    QTest::newRow("both") << "&Find && &replace"
                          << "Find & replace";
    QTest::newRow("two ampersands") << "&&&&"
                                    << "&&";
    QTest::newRow("markup") << "<b>&&lt;"
                            << "<b>&lt;";
  }
  void titlesAreReadAlikeInThePaletteAndInTheHelp() {
    QFETCH(QString, title);
    QFETCH(QString, read);
    QMenuBar menus;
    menus.addMenu("M&enu")->addAction(title)->setShortcut(QKeySequence("F9"));
    CommandPalette palette(menus, nullptr);
    QCOMPARE(palette.findChild<QListWidget*>("commandList")->item(0)->text(), "Menu: " + read);
    const HelpDialog help(menus, nullptr);
    const QString text = help.findChild<QTextBrowser*>("helpText")->toPlainText();
    QVERIFY2(text.startsWith("Menu\n" + read + "\nF9"), qPrintable(text.left(80)));
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

  void copiesACallAsATest_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("begin");
    QTest::addColumn<QString>("within");
    QTest::newRow("grpcurl") << "copyAs.grpcurl"
                             << "# Call 2 of service.replay, "
                             << "grpcurl -plaintext";
    QTest::newRow("C++") << "copyAs.cpp"
                         << "// Call 2 of service.replay, "
                         << "no such sku";
    QTest::newRow("Go") << "copyAs.go"
                        << "// Call 2 of service.replay, "
                        << "no such sku";
    QTest::newRow("Python") << "copyAs.python"
                            << "# Call 2 of service.replay, "
                            << "no such sku";
  }
  void copiesACallAsATest() {
    QFETCH(QString, command);
    QFETCH(QString, begin);
    QFETCH(QString, within);
    Window w;
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w->selection().selectCall(1);
    QGuiApplication::clipboard()->clear();
    w.action(command)->trigger();
    QTRY_VERIFY(!QGuiApplication::clipboard()->text().isEmpty());
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY2(text.startsWith(begin) && text.contains(within), qPrintable(text));
    const QString said = "Call 2 is copied as a " + w.action(command)->text();
    QTRY_COMPARE(w.child<TextLabel>("statusSaid")->text(), said);
    // What is copied reads the file, and not what is in the window.
    w.edit();
    w.action(command)->trigger();
    QTRY_COMPARE(w.child<TextLabel>("statusSaid")->text(),
                 said + "; it reads the file, so save what you changed");
    // This one has no answer.
    w->selection().selectCall(3);
    if (command == "copyAs.grpcurl") return;
    w.action(command)->trigger();
    QTRY_VERIFY(w.barShown());
    QVERIFY2(w.barText().contains("call 4: expected an answer"), qPrintable(w.barText()));
  }

  void asksAServerForItsSchema() {
    Window w;
    const std::string proto =
        w.write("cart.proto",
                "syntax = \"proto3\"; package shop.v1; message Item { string sku = 1; }\n"
                "service Cart { rpc Add(Item) returns (Item); }\n")
            .toStdString();
    const auto schema = loadSchema({&proto, 1});
    QVERIFY(schema);
    const auto server = ReplayServer::start(cartFile().recording(), *schema);
    QVERIFY(server);
    const QString address = QString::fromStdString(*(*server)->listen("127.0.0.1:0"));
    QVERIFY(w.opens(w.write("service.replay", cartFile().bytes())));
    w.action("askForSchema")->trigger();
    auto* dialog = w.find<QInputDialog>("schemaServerDialog");
    QVERIFY(dialog);
    dialog->setTextValue(address);
    QSignalSpy loaded(&w->document(), &Document::schemaLoaded);
    dialog->accept();
    QTRY_COMPARE(loaded.count(), 1);
    QCOMPARE(w->document().schemaPlaces(), QStringList{"reflection:" + address});
    QVERIFY(w->document().snapshot().schema->method("/shop.v1.Cart/Add"));
    w.action("keepSchema")->trigger();
    QCOMPARE(w->document().snapshot().workspace->schema, std::vector{"reflection:" + address.toStdString()});
    // One that is gone is an error, and what is loaded stays.
    (*server)->stop();
    w.action("reloadSchema")->trigger();
    QTRY_VERIFY(w.barShown());
    QVERIFY2(w.barText().contains("expected a server that answers, found none"), qPrintable(w.barText()));
    QVERIFY(w->document().snapshot().schema->method("/shop.v1.Cart/Add"));
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
