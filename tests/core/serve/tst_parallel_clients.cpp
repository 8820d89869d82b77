#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <QTest>
#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <semaphore>
#include <set>
#include <thread>

#include "base/tsan.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using test::Message;
using test::ReplayFile;
using test::serve;

namespace {

constexpr int kClients = 64;
constexpr int kRuns = 20;

// What a client sends, method and messages; and what it gets.
using Asked = std::string;
using Got = std::string;

// How often each answer is recorded for, or was given to, equal requests.
using Answers = std::map<Asked, std::multiset<Got>>;

// Requests of each kind of call, each recorded several times with answers of its own. Numbers tell the
// recorded calls apart.
std::shared_ptr<const Recording> repeating() {
  constexpr int kDifferent = 4;
  constexpr int kEqual = 4;
  ReplayFile file;
  int number = 0;
  const auto answer = [&](int part) {
    return Message{"t.Answer", field(1, std::to_string(number) + "." + std::to_string(part))};
  };
  for (int round = 0; round < kEqual; ++round)
    for (int request = 0; request < kDifferent; ++request) {
      const Message sent{"t.Request", field(1, "request " + std::to_string(request))};
      const Message more{"t.Request", field(1, "more")};
      ++number;
      file.unary("/t.S/Unary", sent, answer(0));
      ++number;
      if (request % 2 == 0)
        file.unary("/t.S/Fails", sent, Status{.code = 5, .message = std::to_string(number), .details = {}});
      ++number;
      auto ref = file.createStream("/t.S/ServerStream");
      file.send(ref, sent);
      for (int i = 0; i < 3; ++i) file.recv(ref, answer(i));
      file.recvEnd(ref);
      ++number;
      ref = file.createStream("/t.S/ClientStream");
      file.send(ref, sent).send(ref, more).send(ref, more).recv(ref, answer(0)).recvEnd(ref);
      ++number;
      ref = file.createStream("/t.S/Chat");
      file.send(ref, sent).recv(ref, answer(0)).send(ref, more).recv(ref, answer(1)).recv(ref, answer(2));
      file.recvEnd(ref);
      ++number;
      ref = file.createStream("/t.S/Breaks");
      file.send(ref, sent).recv(ref, answer(0));
      file.recv(ref, Status{.code = 10, .message = std::to_string(number), .details = {}});
    }
  // The server begins, the same for all.
  for (int i = 0; i < kEqual; ++i) {
    ++number;
    const auto ref = file.createStream("/t.S/ServerFirst");
    file.recv(ref, Message{"t.Answer", field(1, "hello")});
    file.send(ref, {"t.Request", field(1, "go on")}).recv(ref, answer(0)).recvEnd(ref);
  }
  return file.recording();
}

Asked askedBy(const ClientScript& script) {
  std::string asked = script.method;
  for (const ClientScript::Step& step : script.steps)
    if (step.isSend) asked += " > " + step.message;
  return asked;
}

Got answerOf(const std::vector<std::string>& messages, const Status& end) {
  std::string got;
  for (const std::string& message : messages) got += message + " | ";
  return got + std::to_string(end.code) + " " + end.message;
}

Got recordedAnswer(const ClientScript& script) {
  std::vector<std::string> messages;
  for (const ClientScript::Step& step : script.steps)
    if (!step.isSend) messages.push_back(step.message);
  return answerOf(messages, script.end);
}

// Reads when it is told to, where the end may have come meanwhile.
class SlowReader final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  void OnReadDone(bool ok) override {
    const TsanScope tsan(this);
    m_ok = ok;
    m_read.release();
  }
  void OnDone(const grpc::Status& status) override {
    const TsanScope tsan(this);
    m_end.set_value(status);
  }

  // False when there is no further message.
  bool read() {
    {
      const TsanScope tsan(this);
      StartRead(&m_reply);
    }
    m_read.acquire();
    return m_ok;
  }
  grpc::Status end() { return m_end.get_future().get(); }

 private:
  grpc::ByteBuffer m_reply;
  std::binary_semaphore m_read{0};
  std::atomic<bool> m_ok = false;
  std::promise<grpc::Status> m_end;
};

}  // namespace

// Many clients at once, in any order: each gets an answer that is recorded for what it sent, and none twice.
class tst_ParallelClients : public QObject {
  Q_OBJECT

 private slots:
  void everyRecordedCallIsGivenOnce_data() {
    QTest::addColumn<QString>("endpoint");
    QTest::addRow("in memory") << test::kInMemory;
    QTest::addRow("TCP") << "127.0.0.1:0";
  }
  void everyRecordedCallIsGivenOnce() {
    const unsigned seed = qEnvironmentVariableIsSet("RETAKE_SEED")
                              ? qEnvironmentVariable("RETAKE_SEED").toUInt()
                              : std::random_device()();
    qInfo("RETAKE_SEED=%u", seed);
    std::mt19937 random(seed);
    const auto recording = repeating();
    std::vector<ClientScript> scripts;
    Answers recorded;
    const Calls calls = groupCalls(*recording);
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
      auto script = clientScript(*recording, calls[i]);
      QVERIFY(script);
      recorded[askedBy(*script)].insert(recordedAnswer(*script));
      scripts.push_back(*std::move(script));
    }
    for (int run = 0; run < kRuns; ++run) {
      std::shuffle(scripts.begin(), scripts.end(), random);
      const auto server = serve(recording);
      WITH_CHANNEL(server, channel);
      std::atomic<std::size_t> next = 0;
      std::mutex mutex;
      Answers given;
      std::vector<std::thread> clients;
      for (int i = 0; i < kClients; ++i)
        clients.emplace_back([&] {
          for (std::size_t at = next++; at < scripts.size(); at = next++) {
            const ClientOutcome outcome = play(channel, scripts[at]);
            const std::lock_guard lock(mutex);
            given[askedBy(scripts[at])].insert(answerOf(outcome.received, outcome.end));
          }
        });
      for (std::thread& client : clients) client.join();
      for (const auto& [asked, answers] : recorded)
        QVERIFY2(given[asked] == answers, qPrintable(QString("run %1: %2").arg(run).arg(asked.c_str())));
      const ReplayReport report = server->report();
      QCOMPARE(report.served, std::uint64_t{scripts.size()});
      QCOMPARE(report.missed + report.aborted + report.forwarded, 0u);
      QVERIFY(report.neverAskedFor.empty());
    }
  }

  void aReaderThatTakesItsTimeGetsTheLastMessage_data() { test::addEndpoints(); }
  void aReaderThatTakesItsTimeGetsTheLastMessage() {
    constexpr int kMessages = 3;
    ReplayFile file;
    const auto ref = file.createStream("/t.S/Stream");
    const Message message{"t.M", field(1, "a")};
    file.send(ref, message);
    for (int i = 0; i < kMessages; ++i) file.recv(ref, message);
    file.recvEnd(ref);
    const auto server = serve(file.recording());
    QVERIFY(server);
    WITH_CHANNEL(server, channel);

    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    SlowReader reader;
    stub.PrepareBidiStreamingCall(&context, "/t.S/Stream", {}, &reader);
    const grpc::Slice slice(field(1, "a"));
    const grpc::ByteBuffer request(&slice, 1);
    reader.AddHold();
    reader.StartWriteLast(&request, {});
    reader.StartCall();
    int got = 0;
    while (reader.read()) {
      ++got;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    reader.RemoveHold();
    QVERIFY(reader.end().ok());
    QCOMPARE(got, kMessages);
    QTRY_COMPARE(server->callsUnderWay(), 0u);
  }
};

QTEST_GUILESS_MAIN(tst_ParallelClients)
#include "tst_parallel_clients.moc"
