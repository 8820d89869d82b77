#include "window/main_window.h"

#include <QAction>
#include <QDockWidget>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "detail/text_label.h"
#include "opened_document.h"
#include "stall_watchdog.h"
#include "theme/theme.h"
#include "window/file_kind.h"

using namespace retake;
using namespace retake::gui;
using retake::test::cartFile;
using retake::test::field;
using retake::test::StallWatchdog;

namespace {

const std::string kProto = "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string sku = 1; }\n";

class Window {
 public:
  Window() {
    m_window = std::make_unique<MainWindow>(MainWindow::Layout::Safe);
    m_window->resize(1300, 800);
    m_window->show();
    if (!QTest::qWaitForWindowExposed(m_window.get())) qFatal("the window does not show");
  }

  MainWindow* operator->() { return m_window.get(); }
  MainWindow& get() { return *m_window; }
  QString write(const QString& name, const std::string& bytes) {
    const QString path = m_folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0)
      qFatal("cannot write %s", qPrintable(path));
    return path;
  }
  QString path(const QString& name) const { return m_folder.filePath(name); }
  bool opens(const QString& path) {
    QSignalSpy opened(&m_window->document(), &Document::fileOpened);
    m_window->open({path});
    return QTest::qWaitFor([&] { return !opened.isEmpty(); }) && idle();
  }
  bool idle() {
    return QTest::qWaitFor([&] { return !m_window->document().isBusy(); });
  }
  void edit(const char* state = "other seed") {
    if (const auto why = m_window->document().push(ReplaceInitialState{state}))
      qFatal("%s", qPrintable(*why));
  }

  // The dialog of that name, when it has come up.
  template <typename T>
  T* find(const QString& name) {
    T* found = nullptr;
    (void)QTest::qWaitFor([&] { return (found = m_window->findChild<T*>(name)) && found->isVisible(); });
    return found;
  }
  template <typename T>
  T* child(const QString& name) {
    auto* found = m_window->findChild<T*>(name);
    if (!found) qFatal("there is no %s", qPrintable(name));
    return found;
  }
  void answer(const QString& box, QMessageBox::StandardButton button) {
    auto* question = find<QMessageBox>(box);
    if (!question) qFatal("no question %s", qPrintable(box));
    QTest::mouseClick(question->button(button), Qt::LeftButton);
  }
  QString barText() { return child<QLabel>(QStringLiteral("messageText"))->text(); }
  bool barShown() { return child<QWidget>(QStringLiteral("messageBar"))->isVisible(); }
  QAction* action(const QString& name) { return actionIn(m_window->menuBar()->actions(), name); }

 private:
  static QAction* actionIn(const QList<QAction*>& actions, const QString& name) {
    for (QAction* action : actions) {
      if (action->objectName() == name) return action;
      if (action->menu())
        if (QAction* found = actionIn(action->menu()->actions(), name)) return found;
    }
    return nullptr;
  }

  QTemporaryDir m_folder;
  std::unique_ptr<MainWindow> m_window;
};

}  // namespace

class tst_MainWindow : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY(m_settings.isValid());
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QCoreApplication::setOrganizationName("retake-tests");
    QCoreApplication::setApplicationName("Retake");
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QLocale::setDefault(QLocale::c());
    theme::apply(*qApp, theme::Mode::Light);
  }
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

 private:
  QTemporaryDir m_settings;
};

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"
