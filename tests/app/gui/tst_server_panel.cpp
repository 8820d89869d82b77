#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>
#include <QWheelEvent>
#include <thread>

#include "detail/note_bar.h"
#include "detail/text_label.h"
#include "served_shop.h"
#include "server/log_view.h"
#include "server/server_panel.h"
#include "stall_watchdog.h"

using namespace retake;
using namespace retake::gui;
using test::call;
using test::kMethod;
using test::ServedShop;
using State = ServerController::State;

class tst_ServerPanel : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase();
  void init();
  void cleanup() { m_shop.reset(); }
  void panelStartsStopsAndExplains();
  void theAddressIsTheWorkspaces();
  void anOptionIsAnUndoStepThatCountsAtOnce();
  void whatIsForwardedNowhereIsSaidToFail();
  void rulesAreAddedEditedAndRemoved();
  void aRuleThatLeadsNowhereIsSaid_data();
  void aRuleThatLeadsNowhereIsSaid();
  void whatIsNoRuleStaysToBeMended();
  void endpointsHaveTlsFiles();
  void otherEndpointsAskForARestart();
  void optionsAreReachedAndLeftByKeyboard();
  void scrollingPastAnOptionLeavesIt();
  void holdShowsWhatIsHeld();
  void panelShowsHowToConnect();
  void aRowLeadsToItsCall();
  void aFloodOfCallsIsShownInFewBatches();

 private:
  const Workspace& workspace() { return *m_shop->document().snapshot().workspace; }

  QTemporaryDir m_settings;
  std::unique_ptr<ServedShop> m_shop;
};

void tst_ServerPanel::initTestCase() {
  QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
  QCoreApplication::setOrganizationName("retake-test");
  QCoreApplication::setApplicationName("tst_server_panel");
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
}

void tst_ServerPanel::init() {
  QSettings().clear();
  m_shop = std::make_unique<ServedShop>();
}

void tst_ServerPanel::panelStartsStopsAndExplains() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.show();
  auto* status = panel.findChild<TextLabel*>("serverStatus");
  auto* field = panel.findChild<QLineEdit*>("serverAddress");
  auto* reuse = panel.findChild<QComboBox*>("serverReuse");
  auto* toggle = panel.findChild<QAction*>("serverToggle");
  auto* reset = panel.findChild<QAction*>("serverResetUsed");
  QVERIFY(panel.actions().contains(toggle));
  QVERIFY(panel.actions().contains(panel.findChild<QAction*>("logPause")));
  QCOMPARE(toggle->shortcut(), QKeySequence(Qt::Key_F5));
  QCOMPARE(status->text(), "○ stopped");
  QVERIFY(!reset->isEnabled());
  QVERIFY(!reset->toolTip().isEmpty());
  QCOMPARE(field->text(), "127.0.0.1:0");

  toggle->trigger();
  QTRY_COMPARE(m_shop->server().state(), State::Running);
  QCOMPARE(field->text(), m_shop->address());
  QVERIFY(field->isReadOnly());
  QVERIFY(reuse->isEnabled());
  QVERIFY(reset->isEnabled());
  QCOMPARE(status->text(), "● serving shop.replay");
  panel.findChild<QAction*>("serverCopyAddress")->trigger();
  QCOMPARE(QGuiApplication::clipboard()->text(), m_shop->address());
  call(m_shop->address(), test::field(1, "a"));
  call(m_shop->address(), test::field(1, "z"));
  QTRY_COMPARE(panel.findChild<TextLabel*>("serverServed")->text(), "✓ 1 served");
  QTRY_COMPARE(panel.findChild<TextLabel*>("serverMissed")->text(), "✗ 1 missed");
  QCOMPARE(panel.findChild<TextLabel*>("serverUnused")->text(), "– 2 never asked for");

  toggle->trigger();
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
  QCOMPARE(field->text(), "127.0.0.1:0");
  // What came of it stays to be read.
  QCOMPARE(panel.findChild<TextLabel*>("serverServed")->text(), "✓ 1 served");

  field->selectAll();
  QTest::keyClicks(field, "nonsense");
  QTest::keyClick(field, Qt::Key_Return);
  QTRY_VERIFY(status->text().startsWith("✗ "));
  QCOMPARE(m_shop->server().state(), State::Stopped);
  QVERIFY(toggle->isEnabled());
}

void tst_ServerPanel::theAddressIsTheWorkspaces() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.show();
  auto* field = panel.findChild<QLineEdit*>("serverAddress");
  field->selectAll();
  QTest::keyClicks(field, "[::1]:0");
  QTest::keyClick(field, Qt::Key_Return);
  QTRY_COMPARE(m_shop->server().state(), State::Running);
  QVERIFY(m_shop->address().startsWith("[::1]:"));
  QCOMPARE(workspace().listen.size(), 1u);
  QCOMPARE(workspace().listen.front().address, "[::1]:0");
  m_shop->document().undoStack().undo();
  QVERIFY(workspace().listen.empty());
}

void tst_ServerPanel::anOptionIsAnUndoStepThatCountsAtOnce() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  m_shop->start();
  QCOMPARE(call(m_shop->address(), test::field(1, "a")).end.code, 0);
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  auto* reuse = panel.findChild<QComboBox*>("serverReuse");
  reuse->setCurrentIndex(reuse->findData(static_cast<int>(Reuse::Last)));
  emit reuse->activated(reuse->currentIndex());
  QCOMPARE(workspace().policy.match.reuse, Reuse::Last);
  QCOMPARE(m_shop->document().undoStack().undoText(), "when used up: repeat the last");
  QCOMPARE(panel.findChild<TextLabel*>("serverPolicy")->text(), "when used up: repeat the last");
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(m_shop->address(), test::field(1, "a")).end.code, 0);
  panel.findChild<QCheckBox*>("serverStrictStreams")->click();
  QVERIFY(workspace().policy.strictStreams);
  m_shop->document().undoStack().undo();
  m_shop->document().undoStack().undo();
  QCOMPARE(reuse->currentData().toInt(), static_cast<int>(Reuse::Once));
  QVERIFY(!panel.findChild<QCheckBox*>("serverStrictStreams")->isChecked());
  QCOMPARE(panel.findChild<TextLabel*>("serverPolicy")->text(), "");
}

void tst_ServerPanel::whatIsForwardedNowhereIsSaidToFail() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  auto* policy = panel.findChild<TextLabel*>("serverPolicy");
  m_shop->set([](Workspace& w) { w.policy.extra = ExtraCalls::Forward; });
  QCOMPARE(policy->text(), "extra calls fail: the real service has no address");
  m_shop->set([](Workspace& w) { w.upstream.address = "localhost:1"; });
  QCOMPARE(policy->text(), "extra calls go to localhost:1");
}

void tst_ServerPanel::rulesAreAddedEditedAndRemoved() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  panel.findChild<QAction*>("serverOptions")->trigger();
  auto* field = panel.findChild<QLineEdit*>("serverIgnoreField");
  auto* list = panel.findChild<QListWidget*>("serverIgnoreList");
  QTest::keyClicks(field, "shop.v1.Cart/Get:1");
  QTest::keyClick(field, Qt::Key_Return);
  QCOMPARE(workspace().policy.match.ignore.size(), 1u);
  QCOMPARE(field->text(), "");
  QCOMPARE(list->count(), 1);
  list->item(0)->setText("shop.v1.Cart/*:1.2");
  QCOMPARE(workspace().policy.match.ignore.front().method, "shop.v1.Cart/*");
  list->setFocus();
  QTest::keyClick(list, Qt::Key_Delete);
  QVERIFY(workspace().policy.match.ignore.empty());
  m_shop->document().undoStack().undo();
  QCOMPARE(list->count(), 1);
}

void tst_ServerPanel::aRuleThatLeadsNowhereIsSaid_data() {
  QTest::addColumn<QString>("rule");
  QTest::addColumn<QString>("warning");
  QTest::newRow("by number") << "shop.v1.Cart/Get:1"
                             << "";
  QTest::newRow("all methods") << "*:1"
                               << "";
  QTest::newRow("no such method") << "shop.v1.Cart/Put:1"
                                  << "no recorded call has the method";
  QTest::newRow("a name without a schema") << "shop.v1.Cart/Get:sku"
                                           << "no schema tells";
}

void tst_ServerPanel::aRuleThatLeadsNowhereIsSaid() {
  QFETCH(QString, rule);
  QFETCH(QString, warning);
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  panel.findChild<QAction*>("serverOptions")->trigger();
  auto* field = panel.findChild<QLineEdit*>("serverIgnoreField");
  QTest::keyClicks(field, rule);
  QTest::keyClick(field, Qt::Key_Return);
  auto* note = panel.findChild<TextLabel*>("serverIgnoreNote");
  QCOMPARE(note->isVisible(), !warning.isEmpty());
  QVERIFY2(note->text().contains(warning), qPrintable(note->text()));
}

void tst_ServerPanel::whatIsNoRuleStaysToBeMended() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  panel.findChild<QAction*>("serverOptions")->trigger();
  auto* field = panel.findChild<QLineEdit*>("serverIgnoreField");
  QTest::keyClicks(field, "shop.v1.Cart/Get:a[");
  QTest::keyClick(field, Qt::Key_Return);
  QVERIFY(workspace().policy.match.ignore.empty());
  QCOMPARE(field->text(), "shop.v1.Cart/Get:a[");
  auto* note = panel.findChild<TextLabel*>("serverIgnoreNote");
  QVERIFY(note->isVisible());
  QVERIFY(note->text().startsWith("✗ "));
}

void tst_ServerPanel::endpointsHaveTlsFiles() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  panel.findChild<QAction*>("serverOptions")->trigger();
  auto* field = panel.findChild<QLineEdit*>("serverEndpointsField");
  auto* list = panel.findChild<QListWidget*>("serverEndpointsList");
  QCOMPARE(list->count(), 1);
  QTest::keyClicks(field, "[::1]:50051");
  QTest::keyClick(field, Qt::Key_Return);
  QCOMPARE(list->count(), 2);
  auto* cert = panel.findChild<QLineEdit*>("serverTlsCert");
  auto* key = panel.findChild<QLineEdit*>("serverTlsKey");
  QVERIFY(!key->isVisibleTo(&panel));
  cert->setText("/tls/server.pem");
  emit cert->editingFinished();
  QCOMPARE(workspace().listen.size(), 2u);
  QCOMPARE(workspace().listen[1].address, "[::1]:50051");
  QCOMPARE(workspace().listen[1].tls.certFile, "/tls/server.pem");
  QVERIFY(workspace().listen[0].tls.certFile.empty());
  QVERIFY(key->isVisibleTo(&panel));
  QCOMPARE(panel.findChild<TextLabel*>("serverMoreAddresses")->text(), "+1");
}

void tst_ServerPanel::otherEndpointsAskForARestart() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  m_shop->start();
  auto* note = panel.findChild<NoteBar*>("serverNote");
  QVERIFY(!note->isVisible());
  m_shop->set([](Workspace& w) { w.listen = {{"[::1]:0", {}}}; });
  QVERIFY(note->isVisible());
  note->findChild<QPushButton*>("noteAction")->click();
  QTRY_VERIFY(m_shop->address().startsWith("[::1]:"));
  QVERIFY(!note->isVisible());
}

void tst_ServerPanel::optionsAreReachedAndLeftByKeyboard() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  auto* pane = panel.findChild<QWidget*>("serverOptionsPane");
  auto* options = panel.findChild<QAction*>("serverOptions");
  QVERIFY(!pane->isVisible());
  options->trigger();
  QVERIFY(pane->isVisible());
  for (QWidget* widget : pane->findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith("qt_")) continue;
    QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
  }
  QTest::keyClick(pane->findChild<QCheckBox*>("serverStrictStreams"), Qt::Key_Escape);
  QVERIFY(!pane->isVisible());
  QVERIFY(!options->isChecked());
}

void tst_ServerPanel::scrollingPastAnOptionLeavesIt() {
  m_shop->set([](Workspace& w) { w.policy.pace.pace = Pace::Recorded; });
  const Workspace before = workspace();
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 300);
  panel.show();
  panel.findChild<QAction*>("serverOptions")->trigger();
  for (const char* name : {"serverReuse", "serverPace", "serverSpeed", "serverExtra"}) {
    auto* field = panel.findChild<QWidget*>(name);
    const QPointF at = field->rect().center();
    QWheelEvent wheel(at, field->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(field, &wheel);
    QVERIFY2(workspace() == before, name);
  }
}

void tst_ServerPanel::holdShowsWhatIsHeld() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 500);
  panel.show();
  m_shop->start();
  auto* hold = panel.findChild<QAction*>("serverHold");
  auto* step = panel.findChild<QAction*>("serverStep");
  auto* held = panel.findChild<TextLabel*>("serverHeld");
  QVERIFY(!step->isEnabled());
  hold->trigger();
  QCOMPARE(held->text(), "‖ 0 held");
  std::thread client([at = m_shop->address()] { call(at, test::field(1, "a")); });
  QTRY_COMPARE(held->text(), "‖ 1 held");
  QVERIFY(step->isEnabled());
  step->trigger();
  QTRY_COMPARE(m_shop->server().served(), 1u);
  client.join();
  QTRY_COMPARE(held->text(), "‖ 0 held");
  hold->trigger();
  QVERIFY(!held->isVisible());
}

void tst_ServerPanel::panelShowsHowToConnect() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(900, 400);
  panel.show();
  auto* snippet = panel.findChild<QPlainTextEdit*>("connectSnippet");
  QVERIFY(snippet->isVisible());
  QVERIFY2(snippet->toPlainText().contains("127.0.0.1:PORT"), qPrintable(snippet->toPlainText()));
  QVERIFY2(snippet->toPlainText().contains("CartClient"), qPrintable(snippet->toPlainText()));
  m_shop->start();
  QTRY_COMPARE(m_shop->server().log().rowCount(), 1);
  QVERIFY(snippet->isVisible());
  QVERIFY(snippet->toPlainText().contains(m_shop->address()));
  call(m_shop->address(), test::field(1, "a"));
  QTRY_VERIFY(!snippet->isVisible());
}

void tst_ServerPanel::aRowLeadsToItsCall() {
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 400);
  panel.show();
  m_shop->start();
  call(m_shop->address(), test::field(1, "b"));
  QTRY_COMPARE(m_shop->server().log().rowCount(), 2);
  auto* view = panel.findChild<LogView*>("logTable");
  QTRY_VERIFY(view->isVisible());
  const QModelIndex cell = m_shop->server().log().index(1, static_cast<int>(LogColumn::Call));
  QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(cell).center());
  QCOMPARE(m_shop->selection().call(), std::optional<std::uint32_t>(1));
}

void tst_ServerPanel::aFloodOfCallsIsShownInFewBatches() {
  constexpr int kThreads = 4;
  constexpr int kCalls = 1000;  // each
  ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
  panel.resize(1000, 400);
  panel.show();
  m_shop->set([](Workspace& w) { w.policy.match.reuse = Reuse::Cycle; });
  m_shop->start();
  QSignalSpy batches(&m_shop->server().log(), &QAbstractItemModel::rowsInserted);
  test::StallWatchdog watchdog;
  QElapsedTimer clock;
  clock.start();
  std::vector<std::thread> clients;
  for (int t = 0; t < kThreads; ++t) {
    clients.emplace_back(
        [channel = grpc::CreateChannel(m_shop->address().toStdString(), grpc::InsecureChannelCredentials())] {
          ClientScript script;
          script.method = kMethod;
          script.steps.push_back({true, test::field(1, "a"), "shop.v1.GetRequest", {}});
          for (int i = 0; i < kCalls; ++i) play(channel, script, std::chrono::seconds(30));
        });
  }
  QTRY_COMPARE_WITH_TIMEOUT(m_shop->server().log().rowCount(), kThreads * kCalls + 1, 60000);
  const qint64 elapsed = clock.elapsed();
  for (std::thread& client : clients) client.join();
  QCOMPARE(m_shop->server().served(), quint64{kThreads * kCalls});
  QVERIFY(batches.count() <= elapsed * LogQueue::kBatchesPerSecond / 1000 + 2);
  qInfo("%lld calls a second, longest stall %lld ms",
        kThreads * kCalls * 1000LL / std::max<qint64>(elapsed, 1), watchdog.longest());
  QVERIFY(watchdog.longest() < test::StallWatchdog::kLimitMs);
}

QTEST_MAIN(tst_ServerPanel)
#include "tst_server_panel.moc"
