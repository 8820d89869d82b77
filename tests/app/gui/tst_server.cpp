#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

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
#include <QTimer>
#include <fstream>
#include <thread>

#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"
#include "replay/recorded_client.h"
#include "server/log_view.h"
#include "server/server_controller.h"
#include "server/server_panel.h"
#include "stall_watchdog.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::gui;
using test::field;
using test::ReplayFile;

namespace {

constexpr auto kMethod = "/shop.v1.Cart/Get";
using State = ServerController::State;

test::Message request(std::string_view sku) { return {"shop.v1.GetRequest", field(1, sku)}; }
test::Message item(std::string_view name) { return {"shop.v1.Item", field(1, name)}; }

// Two unary calls and a stream whose end was not recorded.
ReplayFile shop() {
  ReplayFile file;
  file.unary(kMethod, request("a"), item("apple"));
  file.unary(kMethod, request("b"), item("banana"));
  const auto stream = file.createStream("/shop.v1.Feed/Watch");
  file.send(stream, request("all"));
  file.recv(stream, item("first"));
  file.send(stream, request("more"));
  return file;
}

ClientOutcome call(const QString& address, const std::string& bytes) {
  ClientScript script;
  script.method = kMethod;
  script.steps.push_back({true, bytes, "shop.v1.GetRequest", {}});
  const auto channel = grpc::CreateChannel(address.toStdString(), grpc::InsecureChannelCredentials());
  return play(channel, script, std::chrono::seconds(10));
}

}  // namespace

class tst_Server : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase();
  void init();
  void cleanup();
  void servesRecordedCalls();
  void countsWhatIsMissed();
  void editsCountFromTheNextCallOn();
  void ofManyEditsTheLastCounts();
  void undoCountsToo();
  void resetLetsCallsBeUsedAgain();
  void anAddressInUseIsASentence();
  void startsAgainOnTheSamePort();
  void stoppingWaitsElsewhere();
  void stopTakesBackAStart();
  void anotherFileStopsTheServer();
  void withoutARecordingThereIsNothingToServe();
  void panelStartsStopsAndExplains();
  void panelRemembersTheAddress();
  void panelShowsHowToConnect();
  void aRowLeadsToItsCall();
  void aFloodOfCallsIsShownInFewBatches();

 private:
  void open(const std::string& bytes, const QString& name);
  void start(const QString& address = "127.0.0.1:0");
  QString address() const { return m_controller->addresses().value(0); }
  QStringList log() const;

  QTemporaryDir m_folder;
  std::unique_ptr<Document> m_document;
  std::unique_ptr<Selection> m_selection;
  std::unique_ptr<ServerController> m_controller;
};

void tst_Server::initTestCase() {
  QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
  QCoreApplication::setOrganizationName("retake-test");
  QCoreApplication::setApplicationName("tst_server");
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
}

void tst_Server::init() {
  QSettings().clear();
  m_document = std::make_unique<Document>();
  m_selection = std::make_unique<Selection>(*m_document);
  m_controller = std::make_unique<ServerController>(*m_document);
  open(shop().bytes(), "shop.replay");
}

void tst_Server::cleanup() {
  m_controller.reset();
  m_selection.reset();
  m_document.reset();
}

void tst_Server::open(const std::string& bytes, const QString& name) {
  const QString path = m_folder.filePath(name);
  std::ofstream(path.toStdString(), std::ios::binary) << bytes;
  QSignalSpy opened(m_document.get(), &Document::fileOpened);
  m_document->open(path);
  QTRY_COMPARE(opened.count(), 1);
}

void tst_Server::start(const QString& address) {
  m_controller->start(address);
  QCOMPARE(m_controller->state(), State::Starting);
  QTRY_COMPARE(m_controller->state(), State::Running);
}

QStringList tst_Server::log() const {
  QStringList lines;
  for (int i = 0; i < m_controller->log().rowCount(); ++i) {
    const ReplayEvent& event = m_controller->log().event(i);
    lines += QString::fromStdString(event.text);
  }
  return lines;
}

void tst_Server::servesRecordedCalls() {
  std::vector<EntryId> hits;
  connect(m_controller.get(), &ServerController::hit, this, [&hits](const std::vector<EntryId>& calls) {
    hits.insert(hits.end(), calls.begin(), calls.end());
  });
  start();
  QCOMPARE(m_controller->neverAskedFor(), 3u);
  const ClientOutcome outcome = call(address(), field(1, "b"));
  QCOMPARE(outcome.end.code, 0);
  QCOMPARE(outcome.received, std::vector<std::string>{field(1, "banana")});
  QTRY_COMPARE(m_controller->log().rowCount(), 2);
  const ReplayEvent& event = m_controller->log().event(1);
  QCOMPARE(event.outcome, ReplayEvent::Outcome::Served);
  QCOMPARE(event.callNumber, 2u);
  QCOMPARE(QString::fromStdString(event.method), kMethod);
  QCOMPARE(QString::fromStdString(event.endpoint), address());
  QCOMPARE(m_controller->served(), 1u);
  QCOMPARE(m_controller->missed(), 0u);
  QCOMPARE(m_controller->neverAskedFor(), 2u);
  QCOMPARE(hits, std::vector<EntryId>{EntryId{3}});
}

void tst_Server::countsWhatIsMissed() {
  start();
  QCOMPARE(call(address(), field(1, "c")).end.code, 2);
  QTRY_COMPARE(m_controller->missed(), 1u);
  QTRY_COMPARE(m_controller->log().rowCount(), 2);
  QCOMPARE(m_controller->log().event(1).outcome, ReplayEvent::Outcome::Missed);
  QVERIFY(!m_controller->log().event(1).text.empty());
}

void tst_Server::editsCountFromTheNextCallOn() {
  m_controller->setOptions({Reuse::Cycle, false});
  start();
  QCOMPARE(call(address(), field(1, "a")).received, std::vector<std::string>{field(1, "apple")});
  QSignalSpy replaced(m_controller.get(), &ServerController::replaced);
  QVERIFY(!m_document->push(ReplaceMessage{EntryId{2}, field(1, "apricot"), {}}));
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(address(), field(1, "a")).received, std::vector<std::string>{field(1, "apricot")});
  QTRY_VERIFY(log().contains("edited: entry 2 — counts from the next call on"));
  const auto& rows = m_controller->log();
  QTRY_COMPARE(rows.rowCount(), 4);
  QCOMPARE(rows.event(2).kind, ReplayEvent::Kind::Edited);
  QCOMPARE(rows.event(2).callNumber, 1u);
  QCOMPARE(rows.event(2).call, EntryId{1});
}

void tst_Server::ofManyEditsTheLastCounts() {
  start();
  for (int i = 0; i < 50; ++i) {
    QVERIFY(!m_document->push(ReplaceMessage{EntryId{2}, field(1, "version " + std::to_string(i)), {}}));
  }
  const auto isLast = [this] {
    return call(address(), field(1, "a")).received == std::vector<std::string>{field(1, "version 49")};
  };
  QTRY_VERIFY(!log().filter("edited: entry 2").isEmpty());
  m_controller->resetUsed();
  QTRY_VERIFY(!log().filter("reset").isEmpty());
  QVERIFY(isLast());
}

void tst_Server::undoCountsToo() {
  start();
  QSignalSpy replaced(m_controller.get(), &ServerController::replaced);
  QVERIFY(!m_document->push(ReplaceMessage{EntryId{2}, field(1, "apricot"), {}}));
  QTRY_COMPARE(replaced.count(), 1);
  m_document->undoStack().undo();
  QTRY_COMPARE(replaced.count(), 2);
  QCOMPARE(call(address(), field(1, "a")).received, std::vector<std::string>{field(1, "apple")});
}

void tst_Server::resetLetsCallsBeUsedAgain() {
  start();
  QCOMPARE(call(address(), field(1, "a")).end.code, 0);
  QCOMPARE(call(address(), field(1, "a")).end.code, 2);
  QTRY_COMPARE(m_controller->neverAskedFor(), 2u);
  m_controller->resetUsed();
  QTRY_COMPARE(m_controller->neverAskedFor(), 3u);
  QCOMPARE(call(address(), field(1, "a")).end.code, 0);
  QTRY_COMPARE(m_controller->served(), 2u);
}

void tst_Server::anAddressInUseIsASentence() {
  start();
  ServerController other(*m_document);
  QSignalSpy failed(&other, &ServerController::failed);
  other.start(address());
  QTRY_COMPARE(failed.count(), 1);
  QCOMPARE(other.state(), State::Stopped);
  const QString sentence = failed.front().front().toString();
  QVERIFY2(sentence.contains(address()), qPrintable(sentence));
  QVERIFY2(sentence.contains("in use"), qPrintable(sentence));
  // The one that has it goes on.
  QCOMPARE(call(address(), field(1, "a")).end.code, 0);
  m_controller->stop();
  QTRY_COMPARE(m_controller->state(), State::Stopped);
}

void tst_Server::startsAgainOnTheSamePort() {
  start();
  const QString first = address();
  m_controller->stop();
  QTRY_COMPARE(m_controller->state(), State::Stopped);
  QVERIFY(m_controller->addresses().isEmpty());
  QCOMPARE(call(first, field(1, "a")).end.code, 14);
  start(first);
  QCOMPARE(address(), first);
  // Each start begins with all unused.
  QCOMPARE(call(first, field(1, "a")).end.code, 0);
}

void tst_Server::stoppingWaitsElsewhere() {
  start();
  grpc::GenericStub stub(grpc::CreateChannel(address().toStdString(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto watch = stub.PrepareCall(&context, "/shop.v1.Feed/Watch", &queue);
  watch->StartCall(nullptr);
  QVERIFY(done());
  const grpc::Slice slice(field(1, "all"));
  watch->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  QVERIFY(done());
  grpc::ByteBuffer first;
  watch->Read(&first, nullptr);
  QVERIFY(done());

  // The stream's end was not recorded: it is under way until its client ends it.
  int ticks = 0;
  QTimer timer;
  connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
  timer.start(5);
  m_controller->stop();
  QCOMPARE(m_controller->state(), State::Stopping);
  QTRY_VERIFY(ticks >= 20);
  QCOMPARE(m_controller->state(), State::Stopping);
  context.TryCancel();
  QTRY_COMPARE(m_controller->state(), State::Stopped);
  grpc::Status status;
  watch->Finish(&status, nullptr);
  done();
  queue.Shutdown();
}

void tst_Server::stopTakesBackAStart() {
  m_controller->start("127.0.0.1:0");
  m_controller->stop();
  QCOMPARE(m_controller->state(), State::Stopping);
  QTRY_COMPARE(m_controller->state(), State::Stopped);
  start();
}

void tst_Server::anotherFileStopsTheServer() {
  start();
  const QString was = address();
  QCOMPARE(call(was, field(1, "a")).end.code, 0);
  QTRY_COMPARE(m_controller->log().rowCount(), 2);
  ReplayFile other;
  other.unary(kMethod, request("x"), item("y"));
  open(other.bytes(), "other.replay");
  QTRY_COMPARE(m_controller->state(), State::Stopped);
  QTRY_COMPARE(log().filter("another recording was opened").size(), 1);
  QCOMPARE(m_controller->log().event(1).call, EntryId{});
  QCOMPARE(m_controller->neverAskedFor(), 1u);
  QCOMPARE(call(was, field(1, "x")).end.code, 14);
  start();
  QCOMPARE(call(address(), field(1, "x")).end.code, 0);
}

void tst_Server::withoutARecordingThereIsNothingToServe() {
  Document empty;
  ServerController controller(empty);
  QSignalSpy failed(&controller, &ServerController::failed);
  controller.start("127.0.0.1:0");
  QCOMPARE(failed.count(), 1);
  QCOMPARE(controller.state(), State::Stopped);
}

void tst_Server::panelStartsStopsAndExplains() {
  ServerPanel panel(*m_controller, *m_document, *m_selection);
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
  QTRY_COMPARE(m_controller->state(), State::Running);
  QCOMPARE(field->text(), address());
  QVERIFY(field->isReadOnly());
  QVERIFY(!reuse->isEnabled());
  QVERIFY(reuse->toolTip().contains("stop"));
  QVERIFY(reset->isEnabled());
  QCOMPARE(status->text(), "● serving shop.replay");
  panel.findChild<QAction*>("serverCopyAddress")->trigger();
  QCOMPARE(QGuiApplication::clipboard()->text(), address());
  call(address(), test::field(1, "a"));
  call(address(), test::field(1, "z"));
  QTRY_COMPARE(panel.findChild<TextLabel*>("serverServed")->text(), "✓ 1 served");
  QTRY_COMPARE(panel.findChild<TextLabel*>("serverMissed")->text(), "✗ 1 missed");
  QCOMPARE(panel.findChild<TextLabel*>("serverUnused")->text(), "– 2 never asked for");

  toggle->trigger();
  QTRY_COMPARE(m_controller->state(), State::Stopped);
  QCOMPARE(field->text(), "127.0.0.1:0");
  QVERIFY(reuse->isEnabled());
  // What came of it stays to be read.
  QCOMPARE(panel.findChild<TextLabel*>("serverServed")->text(), "✓ 1 served");

  field->setText("nonsense");
  toggle->trigger();
  QTRY_VERIFY(status->text().startsWith("✗ "));
  QCOMPARE(m_controller->state(), State::Stopped);
  QVERIFY(toggle->isEnabled());
}

void tst_Server::panelRemembersTheAddress() {
  {
    ServerPanel panel(*m_controller, *m_document, *m_selection);
    panel.show();
    auto* field = panel.findChild<QLineEdit*>("serverAddress");
    field->selectAll();
    QTest::keyClicks(field, "[::1]:0");
    field->clearFocus();
    emit field->editingFinished();
  }
  ServerController another(*m_document);
  ServerPanel panel(another, *m_document, *m_selection);
  QCOMPARE(another.address(), "[::1]:0");
  QCOMPARE(panel.findChild<QLineEdit*>("serverAddress")->text(), "[::1]:0");
}

void tst_Server::panelShowsHowToConnect() {
  ServerPanel panel(*m_controller, *m_document, *m_selection);
  panel.resize(900, 400);
  panel.show();
  auto* snippet = panel.findChild<QPlainTextEdit*>("connectSnippet");
  QVERIFY(snippet->isVisible());
  QVERIFY2(snippet->toPlainText().contains("127.0.0.1:PORT"), qPrintable(snippet->toPlainText()));
  QVERIFY2(snippet->toPlainText().contains("CartClient"), qPrintable(snippet->toPlainText()));
  start();
  QTRY_COMPARE(m_controller->log().rowCount(), 1);
  QVERIFY(snippet->isVisible());
  QVERIFY(snippet->toPlainText().contains(address()));
  call(address(), field(1, "a"));
  QTRY_VERIFY(!snippet->isVisible());
}

void tst_Server::aRowLeadsToItsCall() {
  ServerPanel panel(*m_controller, *m_document, *m_selection);
  panel.resize(1000, 400);
  panel.show();
  start();
  call(address(), field(1, "b"));
  QTRY_COMPARE(m_controller->log().rowCount(), 2);
  auto* view = panel.findChild<LogView*>("logTable");
  QTRY_VERIFY(view->isVisible());
  const QModelIndex cell = m_controller->log().index(1, static_cast<int>(LogColumn::Call));
  QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(cell).center());
  QCOMPARE(m_selection->call(), std::optional<std::uint32_t>(1));
}

void tst_Server::aFloodOfCallsIsShownInFewBatches() {
  constexpr int kThreads = 4;
  constexpr int kCalls = 1000;  // each
  ServerPanel panel(*m_controller, *m_document, *m_selection);
  panel.resize(1000, 400);
  panel.show();
  m_controller->setOptions({Reuse::Cycle, false});
  start();
  QSignalSpy batches(&m_controller->log(), &QAbstractItemModel::rowsInserted);
  test::StallWatchdog watchdog;
  QElapsedTimer clock;
  clock.start();
  std::vector<std::thread> clients;
  for (int t = 0; t < kThreads; ++t) {
    clients.emplace_back(
        [channel = grpc::CreateChannel(address().toStdString(), grpc::InsecureChannelCredentials())] {
          ClientScript script;
          script.method = kMethod;
          script.steps.push_back({true, field(1, "a"), "shop.v1.GetRequest", {}});
          for (int i = 0; i < kCalls; ++i) play(channel, script, std::chrono::seconds(30));
        });
  }
  QTRY_COMPARE_WITH_TIMEOUT(m_controller->log().rowCount(), kThreads * kCalls + 1, 60000);
  const qint64 elapsed = clock.elapsed();
  for (std::thread& client : clients) client.join();
  QCOMPARE(m_controller->served(), quint64{kThreads * kCalls});
  QVERIFY(batches.count() <= elapsed * LogQueue::kBatchesPerSecond / 1000 + 2);
  qInfo("%lld calls a second, longest stall %lld ms",
        kThreads * kCalls * 1000LL / std::max<qint64>(elapsed, 1), watchdog.longest());
  QVERIFY(watchdog.longest() < test::StallWatchdog::kLimitMs);
}

QTEST_MAIN(tst_Server)
#include "tst_server.moc"
