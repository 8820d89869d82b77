#include <QTest>
#include <atomic>
#include <future>
#include <thread>

#include "record/recorder.h"
#include "support/replay_file.h"
#include "support/shared_sink.h"

using namespace retake;

// When what a call says is written, and what becomes of it where it cannot be.
class tst_WriteBehind : public QObject {
  Q_OBJECT

 private slots:
  // What nobody waits for is told as well where it cannot be written, and counts as not written.
  void whatIsWrittenBehindACallMayFailToo() {
    struct Full final : ByteSink {
      Result<void> write(ByteView) override { return Error{"disk: cannot be written: it is full"}; }
    };
    std::promise<std::string> told;
    auto recorder = Recorder::create(
        std::make_unique<Full>(), {.onFailure = [&](const Error& error) { told.set_value(error.message); }});
    const auto open = recorder->begin({.method = "/p.S/M", .kind = CallKind::ServerStream});
    QVERIFY(open->received(test::field(1, "a"), "p.A").has_value());
    QCOMPARE(QString::fromStdString(told.get_future().get()), QString("disk: cannot be written: it is full"));
    QCOMPARE(recorder->counts().entries, 0u);
    const auto closed = recorder->close();
    QVERIFY(!closed);
    QCOMPARE(QString::fromStdString(closed.error().message), QString("disk: cannot be written: it is full"));
  }

  // What is sent beside a write that fails is not written behind what has been lost.
  void nothingIsWrittenBehindAFailure() {
    constexpr int kCalls = 6;
    struct Shared {
      std::atomic<int> writes = 0;
      std::atomic<int> sending = 0;
      const std::thread::id caller = std::this_thread::get_id();
    };
    // Takes the head, fails with what the recorder's own thread writes while others wait, and takes the rest.
    struct FailsOnce final : ByteSink {
      explicit FailsOnce(Shared& with) : shared(with) {}
      Result<void> write(ByteView) override {
        if (++shared.writes != 2) return {};
        const bool isCaller = std::this_thread::get_id() == shared.caller;  // the machine is slow
        while (!isCaller && shared.sending < kCalls) std::this_thread::yield();
        return Error{"disk: cannot be written: it is full"};
      }
      Shared& shared;
    };
    for (int round = 0; round < 100; ++round) {
      Shared shared;
      auto recorder = Recorder::create(std::make_unique<FailsOnce>(shared));
      std::vector<std::shared_ptr<CallRecorder>> calls;
      for (int i = 0; i < kCalls; ++i) {
        calls.push_back(recorder->begin({.method = "/p.S/M", .kind = CallKind::BidiStream}));
        (void)calls.back()->received(test::field(1, "a"), "p.B");
      }
      while (shared.writes < 2) std::this_thread::yield();
      std::vector<std::jthread> threads;
      for (const auto& call : calls)
        threads.emplace_back([&shared, &call] {
          ++shared.sending;
          (void)call->sent(test::field(1, "b"), "p.A");
        });
      threads.clear();
      QVERIFY(!recorder->close());
      QCOMPARE(shared.writes.load(), 2);
    }
  }

  // Of what a call says, that is in the file when its client or its service goes on. Of a proxied call its
  // order is settled by then, and it is written when the client has been told of the end.
  void aCallIsWrittenBeforeOthersGoOn_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<quint64>("sent");  // entries behind its first message
    QTest::addColumn<quint64>("ended");
    QTest::newRow("unary") << static_cast<int>(CallKind::Unary) << quint64{1} << quint64{2};
    QTest::newRow("server stream") << static_cast<int>(CallKind::ServerStream) << quint64{2} << quint64{4};
    QTest::newRow("client stream") << static_cast<int>(CallKind::ClientStream) << quint64{2} << quint64{3};
    QTest::newRow("bidirectional stream")
        << static_cast<int>(CallKind::BidiStream) << quint64{2} << quint64{4};
  }
  void aCallIsWrittenBeforeOthersGoOn() {
    QFETCH(int, kind);
    QFETCH(quint64, sent);
    QFETCH(quint64, ended);
    for (const bool isProxied : {false, true}) {
      auto bytes = std::make_shared<std::string>();
      const auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
      const auto call =
          recorder->begin({.method = "/p.S/M", .kind = static_cast<CallKind>(kind), .isProxied = isProxied});
      QVERIFY(call->sent(test::field(1, "a"), "p.A").has_value());
      if (!isProxied) QCOMPARE(recorder->counts().entries, sent);
      QVERIFY(call->received(test::field(1, "b"), "p.B").has_value());
      call->ended({});
      if (isProxied) call->endTold();
      QCOMPARE(recorder->counts().entries, ended);
    }
  }

  void callsOfAProxyStandInTheOrderInWhichTheyEnded() {
    auto bytes = std::make_shared<std::string>();
    const auto recorder = Recorder::create(std::make_unique<test::SharedSink>(bytes));
    const auto begin = [&] {
      return recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary, .isProxied = true});
    };
    const auto first = begin();
    const auto second = begin();
    for (const auto& call : {first, second}) {
      QVERIFY(call->sent(test::field(1, "a"), "p.A").has_value());
      QVERIFY(call->received(test::field(1, "b"), "p.B").has_value());
    }
    second->ended({});
    first->ended({});
    first->endTold();
    second->endTold();
    QVERIFY(recorder->close().has_value());
    const auto recording = test::readRecording(*bytes);
    const Calls calls = groupCalls(*recording);
    QCOMPARE(calls.size(), 2u);
    QCOMPARE(calls[0].rest.front(), 3u);
    QCOMPARE(calls[1].rest.front(), 2u);
  }

  // Behind one that is over before the recorder's own thread looks, which has nothing to write then.
  void whatWaitsIsWrittenWithoutMore() {
    constexpr auto kRounds = 20;
    const auto recorder =
        Recorder::create(std::make_unique<test::SharedSink>(std::make_shared<std::string>()));
    const auto began = std::chrono::steady_clock::now();
    for (quint64 round = 1; round <= kRounds; ++round) {
      const auto begin = [&] {
        return recorder->begin({.method = "/p.S/M", .kind = CallKind::Unary, .isProxied = true});
      };
      const auto quick = begin();
      QVERIFY(quick->sent(test::field(1, "a"), "p.A").has_value());
      QVERIFY(quick->received(test::field(1, "b"), "p.B").has_value());
      quick->ended({});
      const auto looked = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
      while (std::chrono::steady_clock::now() < looked) std::this_thread::yield();
      const auto slow = begin();
      QVERIFY(slow->sent(test::field(1, "c"), "p.A").has_value());
      while (recorder->counts().entries < round * 4 - 1) std::this_thread::yield();
      slow->ended({});
    }
    // Ten milliseconds each as a rule; half a second each where only the next sync writes it.
    QVERIFY(std::chrono::steady_clock::now() - began < kRounds * std::chrono::milliseconds(250));
  }

  // To a client whose call the server's stop ends.
  void aCallThatTheRecorderLeavesIsWritten() {
    const auto recorder =
        Recorder::create(std::make_unique<test::SharedSink>(std::make_shared<std::string>()));
    const auto call = recorder->begin({.method = "/p.S/M", .kind = CallKind::BidiStream, .isProxied = true});
    QVERIFY(call->sent(test::field(1, "a"), "p.A").has_value());
    call->recordingEnded();
    QCOMPARE(recorder->counts().entries, quint64{2});
  }
};

QTEST_GUILESS_MAIN(tst_WriteBehind)
#include "tst_write_behind.moc"
