#include <QTest>
#include <future>
#include <set>
#include <thread>

#include "serve/explaining_thread.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::addEndpoints;
using test::channelOf;
using test::field;
using test::kMethod;
using test::serve;
using test::simple;
using test::unary;

namespace {

MissedCall missed() { return {.miss = {.why = Miss::Why::NotRecorded}, .method = "/t.S/Other"}; }

}  // namespace

// Misses are explained away from the threads that serve.
class tst_Explaining : public QObject {
  Q_OBJECT

 private slots:
  void whatIsTooMuchIsLeftUnexplained() {
    auto replayer = Replayer::create(simple(), Schema::builtin());
    QVERIFY(replayer);
    const auto served = (*replayer)->served();
    ExplainingThread thread(**replayer);
    std::promise<void> began;
    std::promise<void> goOn;
    std::atomic<std::size_t> explained = 0;
    QVERIFY(thread.explain(served, missed(), [&](const Explanation&) {
      began.set_value();
      goOn.get_future().wait();
    }));
    began.get_future().wait();
    // It is at work on the first: these wait, and one more is one too many.
    for (std::size_t i = 0; i < ExplainingThread::kWaiting; ++i)
      QVERIFY(thread.explain(served, missed(), [&](const Explanation&) { ++explained; }));
    QVERIFY(!thread.explain(served, missed(), [&](const Explanation&) { ++explained; }));
    goOn.set_value();
    QTRY_COMPARE(explained.load(), ExplainingThread::kWaiting);
    QVERIFY(thread.explain(served, missed(), [&](const Explanation&) { ++explained; }));
    QTRY_COMPARE(explained.load(), ExplainingThread::kWaiting + 1);
  }

  void stoppingDropsWhatWaits() {
    auto replayer = Replayer::create(simple(), Schema::builtin());
    QVERIFY(replayer);
    const auto served = (*replayer)->served();
    ExplainingThread thread(**replayer);
    std::promise<void> began;
    std::promise<void> goOn;
    std::atomic<int> explained = 0;
    const auto held = std::make_shared<int>(0);
    QVERIFY(thread.explain(served, missed(), [&](const Explanation&) {
      began.set_value();
      goOn.get_future().wait();
    }));
    began.get_future().wait();
    QVERIFY(thread.explain(served, missed(), [&, held](const Explanation&) { ++explained; }));
    std::thread stopping([&] { thread.stop(); });
    QTRY_COMPARE(held.use_count(), 1);  // dropped, before the one at work is done
    QVERIFY(!thread.explain(served, missed(), [&](const Explanation&) { ++explained; }));
    goOn.set_value();
    stopping.join();
    QCOMPARE(explained.load(), 0);
    thread.stop();
  }

  void eachOfManyMissesIsAnswered_data() { addEndpoints(); }
  void eachOfManyMissesIsAnswered() {
    std::mutex mutex;
    std::size_t told = 0;
    const auto server = serve(simple(), {.log = [&](const ReplayEvent& event) {
                                const std::lock_guard lock(mutex);
                                if (event.explanation) ++told;
                              }});
    WITH_CHANNEL(server, channel);
    constexpr int kThreads = 8;
    constexpr int kCalls = 100;
    std::atomic<int> right = 0;
    std::vector<std::thread> clients;
    for (int t = 0; t < kThreads; ++t)
      clients.emplace_back([&, t] {
        for (int i = 0; i < kCalls; ++i) {
          const auto outcome = play(channel, unary(field(1, std::to_string(t * kCalls + i))));
          if (outcome.end.code == 2 && outcome.end.message.find("retake") != std::string::npos) ++right;
        }
      });
    for (std::thread& client : clients) client.join();
    QCOMPARE(right.load(), kThreads * kCalls);
    QCOMPARE(server->report().missed, std::uint64_t{kThreads * kCalls});
    const std::lock_guard lock(mutex);
    QCOMPARE(told, std::size_t{kThreads * kCalls});
  }

  void stoppingWhileCallsMissLeavesNoneWithoutAnEnd_data() { addEndpoints(); }
  void stoppingWhileCallsMissLeavesNoneWithoutAnEnd() {
    const auto server = serve(simple());
    WITH_CHANNEL(server, channel);
    std::atomic<int> begun = 0;
    std::atomic<int> odd = 0;
    std::vector<std::thread> clients;
    for (int t = 0; t < 8; ++t)
      clients.emplace_back([&] {
        for (;;) {
          ++begun;
          const Status end = play(channel, unary(field(1, "x"))).end;
          if (end.code == 14) return;
          if (end.code != 2) ++odd;
        }
      });
    while (begun < 50) std::this_thread::yield();
    server->stop(0ms);
    for (std::thread& client : clients) client.join();
    QCOMPARE(odd.load(), 0);
    QCOMPARE(server->callsUnderWay(), 0u);
  }
};

QTEST_GUILESS_MAIN(tst_Explaining)
#include "tst_explaining.moc"
