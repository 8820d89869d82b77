#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <thread>

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
  void panelRemembersTheAddress();
  void panelShowsHowToConnect();
  void aRowLeadsToItsCall();
  void aFloodOfCallsIsShownInFewBatches();

 private:
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
  QVERIFY(!reuse->isEnabled());
  QVERIFY(reuse->toolTip().contains("stop"));
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
  QVERIFY(reuse->isEnabled());
  // What came of it stays to be read.
  QCOMPARE(panel.findChild<TextLabel*>("serverServed")->text(), "✓ 1 served");

  field->selectAll();
  QTest::keyClicks(field, "nonsense");
  toggle->trigger();
  QTRY_VERIFY(status->text().startsWith("✗ "));
  QCOMPARE(m_shop->server().state(), State::Stopped);
  QVERIFY(toggle->isEnabled());
}

void tst_ServerPanel::panelRemembersTheAddress() {
  {
    ServerPanel panel(m_shop->server(), m_shop->document(), m_shop->selection());
    panel.show();
    auto* field = panel.findChild<QLineEdit*>("serverAddress");
    field->selectAll();
    QTest::keyClicks(field, "[::1]:0");
  }
  ServerController another(m_shop->document());
  ServerPanel panel(another, m_shop->document(), m_shop->selection());
  QCOMPARE(another.address(), "[::1]:0");
  QCOMPARE(panel.findChild<QLineEdit*>("serverAddress")->text(), "[::1]:0");
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
  m_shop->server().setOptions({Reuse::Cycle, false});
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
