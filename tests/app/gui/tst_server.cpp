#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUndoStack>
#include <atomic>
#include <thread>

#include "served_shop.h"

using namespace retake;
using namespace retake::gui;
using test::call;
using test::field;
using test::item;
using test::kMethod;
using test::ReplayFile;
using test::request;
using test::ServedShop;
using State = ServerController::State;

class tst_Server : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
  void init() { m_shop = std::make_unique<ServedShop>(); }
  void cleanup() { m_shop.reset(); }
  void servesRecordedCalls();
  void countsWhatIsMissed();
  void editsCountFromTheNextCallOn();
  void anEndpointThatStaysKeepsItsPort();
  void ofManyEditsTheLastCounts();
  void undoCountsToo();
  void resetLetsCallsBeUsedAgain();
  void anAddressInUseIsASentence();
  void startsAgainOnTheSamePort();
  void aFreePortIsTheSameTheNextTime();
  void stoppingWaitsElsewhere();
  void stopTakesBackAStart();
  void anotherFileStopsTheServer();
  void withoutARecordingThereIsNothingToServe();
  void anotherPolicyCountsFromTheNextCallOn();
  void theLogSaysWhatPolicyChanged();
  void scrubRulesCountFromTheNextCallOn();
  void rulesThatCannotBeAreASentence();
  void listensOnAllEndpoints();
  void otherEndpointsWaitForTheNextStart();
  void holdsAnswersAndReleasesThemOneByOne();
  void anExtraCallIsForwarded();

 private:
  QStringList log() const;

  std::unique_ptr<ServedShop> m_shop;
};

QStringList tst_Server::log() const {
  QStringList lines;
  for (int i = 0; i < m_shop->server().log().rowCount(); ++i) {
    const ReplayEvent& event = m_shop->server().log().event(i);
    lines += QString::fromStdString(event.text);
  }
  return lines;
}

void tst_Server::servesRecordedCalls() {
  std::vector<EntryId> hits;
  connect(&m_shop->server(), &ServerController::hit, this, [&hits](const std::vector<EntryId>& calls) {
    hits.insert(hits.end(), calls.begin(), calls.end());
  });
  m_shop->start();
  QCOMPARE(m_shop->server().neverAskedFor(), 3u);
  const ClientOutcome outcome = call(m_shop->address(), field(1, "b"));
  QCOMPARE(outcome.end.code, 0);
  QCOMPARE(outcome.received, std::vector<std::string>{field(1, "banana")});
  QTRY_COMPARE(m_shop->server().log().rowCount(), 2);
  const ReplayEvent& event = m_shop->server().log().event(1);
  QCOMPARE(event.outcome, ReplayEvent::Outcome::Served);
  QCOMPARE(event.callNumber, 2u);
  QCOMPARE(QString::fromStdString(event.method), kMethod);
  QCOMPARE(QString::fromStdString(event.endpoint), m_shop->address());
  QCOMPARE(m_shop->server().served(), 1u);
  QCOMPARE(m_shop->server().missed(), 0u);
  QCOMPARE(m_shop->server().neverAskedFor(), 2u);
  QCOMPARE(hits, std::vector<EntryId>{EntryId{3}});
}

void tst_Server::countsWhatIsMissed() {
  m_shop->start();
  QCOMPARE(call(m_shop->address(), field(1, "c")).end.code, 2);
  QTRY_COMPARE(m_shop->server().missed(), 1u);
  QTRY_COMPARE(m_shop->server().log().rowCount(), 2);
  QCOMPARE(m_shop->server().log().event(1).outcome, ReplayEvent::Outcome::Missed);
  QVERIFY(!m_shop->server().log().event(1).text.empty());
}

void tst_Server::editsCountFromTheNextCallOn() {
  m_shop->set([](Workspace& w) { w.policy.match.reuse = Reuse::Cycle; });
  m_shop->start();
  QCOMPARE(call(m_shop->address(), field(1, "a")).received, std::vector<std::string>{field(1, "apple")});
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  QVERIFY(!m_shop->document().push(ReplaceMessage{EntryId{2}, field(1, "apricot"), {}}));
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(m_shop->address(), field(1, "a")).received, std::vector<std::string>{field(1, "apricot")});
  QTRY_VERIFY(log().contains("edited: entry 2 — counts from the next call on"));
  const auto& rows = m_shop->server().log();
  QTRY_COMPARE(rows.rowCount(), 4);
  QCOMPARE(rows.event(2).kind, ReplayEvent::Kind::Edited);
  QCOMPARE(rows.event(2).callNumber, 1u);
  QCOMPARE(rows.event(2).call, EntryId{1});
}

void tst_Server::anEndpointThatStaysKeepsItsPort() {
  m_shop->start();
  const QString address = m_shop->address();
  m_shop->set([](Workspace& w) { w.listen = {{"127.0.0.1:0", {}}, {"127.0.0.1:0", {}}}; });
  m_shop->server().restart();
  QTRY_COMPARE(m_shop->server().addresses().size(), 2);
  QCOMPARE(m_shop->address(), address);
}

void tst_Server::ofManyEditsTheLastCounts() {
  m_shop->start();
  for (int i = 0; i < 50; ++i) {
    QVERIFY(
        !m_shop->document().push(ReplaceMessage{EntryId{2}, field(1, "version " + std::to_string(i)), {}}));
  }
  const auto isLast = [this] {
    return call(m_shop->address(), field(1, "a")).received ==
           std::vector<std::string>{field(1, "version 49")};
  };
  QTRY_VERIFY(!log().filter("edited: entry 2").isEmpty());
  m_shop->server().resetUsed();
  QTRY_VERIFY(!log().filter("reset").isEmpty());
  QVERIFY(isLast());
}

void tst_Server::undoCountsToo() {
  m_shop->start();
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  QVERIFY(!m_shop->document().push(ReplaceMessage{EntryId{2}, field(1, "apricot"), {}}));
  QTRY_COMPARE(replaced.count(), 1);
  m_shop->document().undoStack().undo();
  QTRY_COMPARE(replaced.count(), 2);
  QCOMPARE(call(m_shop->address(), field(1, "a")).received, std::vector<std::string>{field(1, "apple")});
}

void tst_Server::resetLetsCallsBeUsedAgain() {
  m_shop->start();
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 2);
  QTRY_COMPARE(m_shop->server().neverAskedFor(), 2u);
  m_shop->server().resetUsed();
  QTRY_COMPARE(m_shop->server().neverAskedFor(), 3u);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  QTRY_COMPARE(m_shop->server().served(), 2u);
}

void tst_Server::anAddressInUseIsASentence() {
  m_shop->start();
  ServerController other(m_shop->document());
  QSignalSpy failed(&other, &ServerController::failed);
  m_shop->set([this](Workspace& w) { w.listen = {{m_shop->address().toStdString(), {}}}; });
  other.start();
  QTRY_COMPARE(failed.count(), 1);
  QCOMPARE(other.state(), State::Stopped);
  const QString sentence = failed.front().front().toString();
  QVERIFY2(sentence.contains(m_shop->address()), qPrintable(sentence));
  QVERIFY2(sentence.contains("in use"), qPrintable(sentence));
  // The one that has it goes on.
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  m_shop->server().stop();
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
}

void tst_Server::startsAgainOnTheSamePort() {
  m_shop->start();
  const QString first = m_shop->address();
  m_shop->server().stop();
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
  QVERIFY(m_shop->server().addresses().isEmpty());
  QCOMPARE(call(first, field(1, "a")).end.code, 14);
  m_shop->set([&first](Workspace& w) { w.listen = {{first.toStdString(), {}}}; });
  m_shop->start();
  QCOMPARE(m_shop->address(), first);
  // Each start begins with all unused.
  QCOMPARE(call(first, field(1, "a")).end.code, 0);
}

void tst_Server::aFreePortIsTheSameTheNextTime() {
  m_shop->start();
  const QString first = m_shop->address();
  m_shop->server().stop();
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
  m_shop->server().start();
  QTRY_COMPARE(m_shop->server().state(), State::Running);
  QCOMPARE(m_shop->address(), first);
}

void tst_Server::stoppingWaitsElsewhere() {
  m_shop->start();
  grpc::GenericStub stub(
      grpc::CreateChannel(m_shop->address().toStdString(), grpc::InsecureChannelCredentials()));
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
  m_shop->server().stop();
  QCOMPARE(m_shop->server().state(), State::Stopping);
  QTRY_VERIFY(ticks >= 20);
  QCOMPARE(m_shop->server().state(), State::Stopping);
  context.TryCancel();
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
  grpc::Status status;
  watch->Finish(&status, nullptr);
  done();
  queue.Shutdown();
}

void tst_Server::stopTakesBackAStart() {
  m_shop->server().start();
  m_shop->server().stop();
  QCOMPARE(m_shop->server().state(), State::Stopping);
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
  m_shop->start();
}

void tst_Server::anotherFileStopsTheServer() {
  m_shop->start();
  const QString was = m_shop->address();
  QCOMPARE(call(was, field(1, "a")).end.code, 0);
  QTRY_COMPARE(m_shop->server().log().rowCount(), 2);
  ReplayFile other;
  other.unary(kMethod, request("x"), item("y"));
  m_shop->open(other.bytes(), "other.replay");
  QTRY_COMPARE(m_shop->server().state(), State::Stopped);
  QTRY_COMPARE(log().filter("another recording was opened").size(), 1);
  QCOMPARE(m_shop->server().log().event(1).call, EntryId{});
  QCOMPARE(m_shop->server().neverAskedFor(), 1u);
  QCOMPARE(call(was, field(1, "x")).end.code, 14);
  m_shop->start();
  QCOMPARE(call(m_shop->address(), field(1, "x")).end.code, 0);
}

void tst_Server::withoutARecordingThereIsNothingToServe() {
  Document empty;
  ServerController controller(empty);
  QSignalSpy failed(&controller, &ServerController::failed);
  controller.start();
  QCOMPARE(failed.count(), 1);
  QCOMPARE(controller.state(), State::Stopped);
}

void tst_Server::anotherPolicyCountsFromTheNextCallOn() {
  m_shop->start();
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 2);
  m_shop->set([](Workspace& w) { w.policy.match.reuse = Reuse::Last; });
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(m_shop->address(), field(1, "a")).received, std::vector<std::string>{field(1, "apple")});
  m_shop->document().undoStack().undo();
  QTRY_COMPARE(replaced.count(), 2);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 2);
}

void tst_Server::theLogSaysWhatPolicyChanged() {
  m_shop->start();
  m_shop->set([](Workspace& w) {
    w.policy.match.reuse = Reuse::Cycle;
    w.policy.strictStreams = true;
  });
  QTRY_VERIFY(log().contains("when used up: start again; strict streams — counts from the next call on"));
  QCOMPARE(m_shop->server().log().rowCount(), 2);
}

// A recording that has "[scrubbed]" for a name is found by a client that has the name, while the rules are
// on.
void tst_Server::scrubRulesCountFromTheNextCallOn() {
  ReplayFile file;
  for (int i = 0; i < 3; ++i) file.unary(kMethod, request("[scrubbed]"), item("apple"));
  m_shop->open(file.bytes(), QStringLiteral("scrubbed.replay"));
  m_shop->start();
  const auto answered = [this] { return call(m_shop->address(), field(1, "alice")).end.code == 0; };
  QVERIFY(!answered());
  const auto setRules = [this](const std::function<void(ScrubSettings&)>& change) {
    QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
    m_shop->set([&](Workspace& workspace) { change(workspace.scrub); });
    QTRY_VERIFY(!replaced.isEmpty());
  };
  setRules([](ScrubSettings& scrub) {
    scrub.rules = *parseScrubRules("rule { name: 'all' any: STRING redact {} }");
  });
  QVERIFY(answered());
  setRules([](ScrubSettings& scrub) { scrub.on = false; });
  QVERIFY(!answered());
  setRules([](ScrubSettings& scrub) { scrub.on = true; });
  QVERIFY(answered());
  // They are there from the beginning, too.
  m_shop->server().restart();
  QTRY_VERIFY(m_shop->server().isRunning());
  QVERIFY(answered());
}

void tst_Server::rulesThatCannotBeAreASentence() {
  m_shop->start();
  QSignalSpy failed(&m_shop->server(), &ServerController::failed);
  m_shop->set([](Workspace& workspace) {
    workspace.scrub.rules = *parseScrubRules("rule { name: 'all' any: STRING hash {} }");
  });
  QTRY_COMPARE(failed.size(), 1);
  const QString sentence = failed.front().front().toString();
  QVERIFY2(sentence.startsWith("The server still goes by the old scrub rules: ") && sentence.contains("key"),
           qPrintable(sentence));
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
}

void tst_Server::listensOnAllEndpoints() {
  QTemporaryDir folder;
  const QString socket = "unix:" + folder.filePath("shop.sock");
  m_shop->set([&socket](Workspace& w) { w.listen = {{"127.0.0.1:0", {}}, {socket.toStdString(), {}}}; });
  m_shop->start();
  QCOMPARE(m_shop->server().addresses().size(), 2);
  QCOMPARE(m_shop->server().addresses().at(1), socket);
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
  QCOMPARE(call(socket, field(1, "b")).end.code, 0);
  QTRY_COMPARE(m_shop->server().served(), 2u);
}

void tst_Server::otherEndpointsWaitForTheNextStart() {
  m_shop->start();
  QVERIFY(!m_shop->server().needsRestart());
  const QString was = m_shop->address();
  m_shop->set([](Workspace& w) { w.listen = {{"[::1]:0", {}}}; });
  QVERIFY(m_shop->server().needsRestart());
  QCOMPARE(call(was, field(1, "a")).end.code, 0);
  m_shop->server().restart();
  QTRY_COMPARE(m_shop->server().state(), State::Running);
  QTRY_VERIFY(m_shop->address().startsWith("[::1]:"));
  QVERIFY(!m_shop->server().needsRestart());
  QCOMPARE(call(m_shop->address(), field(1, "a")).end.code, 0);
}

void tst_Server::holdsAnswersAndReleasesThemOneByOne() {
  m_shop->server().setHolding(true);
  m_shop->start();
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (const char* sku : {"a", "b"}) {
    clients.emplace_back([&answered, sku, at = m_shop->address()] {
      if (call(at, field(1, sku)).end.code == 0) ++answered;
    });
  }
  QTRY_COMPARE(m_shop->server().held(), 2u);
  QCOMPARE(answered.load(), 0);
  m_shop->server().step();
  QTRY_COMPARE(answered.load(), 1);
  QTRY_COMPARE(m_shop->server().held(), 1u);
  m_shop->server().setHolding(false);
  QTRY_COMPARE(answered.load(), 2);
  QTRY_COMPARE(m_shop->server().held(), 0u);
  for (std::thread& client : clients) client.join();
}

void tst_Server::anExtraCallIsForwarded() {
  ServedShop real;
  ReplayFile file;
  file.unary(kMethod, request("c"), item("cherry"));
  real.open(file.bytes(), "real.replay");
  real.start();
  m_shop->start();
  QCOMPARE(call(m_shop->address(), field(1, "c")).end.code, 2);
  QSignalSpy replaced(&m_shop->server(), &ServerController::replaced);
  m_shop->set([&real](Workspace& w) {
    w.policy.extra = ExtraCalls::Forward;
    w.upstream.address = real.address().toStdString();
  });
  QTRY_COMPARE(replaced.count(), 1);
  QCOMPARE(call(m_shop->address(), field(1, "c")).received, std::vector<std::string>{field(1, "cherry")});
  QTRY_COMPARE(m_shop->server().counts().forwarded, 1u);
  QTRY_COMPARE(real.server().served(), 1u);
}

QTEST_MAIN(tst_Server)
#include "tst_server.moc"
