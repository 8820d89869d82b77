#include <QTest>
#include <atomic>
#include <thread>

#include "script.h"
#include "stage.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::Caller;
using test::field;
using test::kMethod;
using test::Message;
using test::recordingOf;
using test::ReplayFile;
using test::Stage;

namespace {

Message named(const std::string& name) { return {"t.Message", field(1, name)}; }

constexpr PacePolicy kRecorded{.pace = Pace::Recorded};

}  // namespace

// Pause and step: answers held, and let go of one by one.
class tst_AnswerGate : public QObject {
  Q_OBJECT

 private slots:
  void aPausedServerHoldsEveryAnswer() {
    Stage stage(recordingOf("u a>1; u a>2; s S:b R:3 R:4 E"));
    AnswerGate& gate = stage.replayer().gate();
    gate.setPaused(true);
    Caller& first = stage.call(kMethod, "a");
    Caller& stream = stage.call(kMethod, "b");
    Caller& second = stage.call(kMethod, "a");
    stage.pass(60s);
    QCOMPARE(gate.held(), std::size_t{3});
    QCOMPARE(first.got + stream.got + second.got, std::string());
    gate.step();
    stage.pass(0ms);
    QCOMPARE(first.got, std::string());  // until its transport is woken
    second.send("");                     // anything: callers look whether they were woken
    QCOMPARE(first.got, std::string("1 OK"));
    QCOMPARE(gate.held(), std::size_t{2});
  }
  void aStepIsOneMessageOrAnEnd() {
    Stage stage(recordingOf("s S:a R:1 R:2 E; u b>9"));
    AnswerGate& gate = stage.replayer().gate();
    gate.setPaused(true);
    Caller& stream = stage.call(kMethod, "a");
    Caller& other = stage.call(kMethod, "b");
    const auto step = [&] {
      const bool released = gate.step();
      stage.call("/none");  // callers look whether they were woken
      return released;
    };
    QVERIFY(step());
    QCOMPARE(stream.got, std::string("1"));
    QVERIFY(step());  // the oldest: the stream's next stands behind
    QCOMPARE(other.got, std::string("9 OK"));
    QCOMPARE(stream.got, std::string("1"));
    QVERIFY(step());
    QCOMPARE(stream.got, std::string("1 2"));
    QVERIFY(step());
    QCOMPARE(stream.got, std::string("1 2 OK"));
    QVERIFY(!step());
  }
  void goingOnReleasesAll() {
    Stage stage(recordingOf("s S:a R:1 R:2 E; u b>9"));
    stage.replayer().gate().setPaused(true);
    Caller& stream = stage.call(kMethod, "a");
    Caller& other = stage.call(kMethod, "b");
    stage.replayer().gate().setPaused(false);
    stage.call("/none");
    QCOMPARE(stream.got, std::string("1 2 OK"));
    QCOMPARE(other.got, std::string("9 OK"));
    QCOMPARE(stage.replayer().gate().held(), std::size_t{0});
  }
  void aMissIsNotHeld() {
    Stage stage(recordingOf("s S:a R:1; u b>9"));
    stage.replayer().gate().setPaused(true);
    QCOMPARE(stage.call(kMethod, "x").got, std::string("missed"));
    Caller& stream = stage.call(kMethod, "a");
    QCOMPARE(stage.replayer().gate().held(), std::size_t{1});
    stream.send("b");  // one too many
    QCOMPARE(stream.got, std::string("missed"));
    QCOMPARE(stage.replayer().gate().held(), std::size_t{0});
  }
  void aCallThatIsOverIsForgotten() {
    Stage stage(recordingOf("u a>1; u a>2; u a>3"));
    AnswerGate& gate = stage.replayer().gate();
    gate.setPaused(true);
    Caller& gone = stage.call(kMethod, "a");
    Caller& closed = stage.call(kMethod, "a");
    Caller& left = stage.call(kMethod, "a");
    stage.leave(gone);
    closed.close();
    QCOMPARE(gate.held(), std::size_t{1});
    QVERIFY(gate.step());
    stage.call("/none");
    QCOMPARE(left.got, std::string("3 OK"));
  }
  void aFailedCreationIsHeldToo() {
    Stage stage(recordingOf("s F:7"));
    stage.replayer().gate().setPaused(true);
    Caller& caller = stage.call(kMethod, "a").halfClose();
    QCOMPARE(caller.got, std::string());
    stage.replayer().gate().setPaused(false);
    caller.send("b");
    QCOMPARE(caller.got, std::string("PERMISSION_DENIED"));
  }
  // What is shared is an answer, too; a message chooses meanwhile.
  void whatCandidatesShareIsHeldToo() {
    Stage stage(recordingOf("s R:hi S:a R:1 E; s R:hi S:b R:2 E"));
    AnswerGate& gate = stage.replayer().gate();
    gate.setPaused(true);
    Caller& caller = stage.call(kMethod);
    QCOMPARE(gate.held(), std::size_t{1});
    caller.send("b");
    QCOMPARE(gate.held(), std::size_t{1});
    gate.setPaused(false);
    stage.call("/none");
    QCOMPARE(caller.got, std::string("hi 2 OK"));
  }
  // The client's own end comes first; then the end is held.
  void anEndThatTheClientOwesIsHeldAfterItsWait() {
    Stage stage(recordingOf("s S:a R:1 E:1"));
    Caller& caller = stage.call(kMethod, "a");
    stage.replayer().gate().setPaused(true);
    stage.pass(10s);
    QCOMPARE(caller.got, std::string("1"));
    QVERIFY(caller.outcomeIfCancelled() == ReplayEvent::Outcome::Served);
    QVERIFY(stage.replayer().gate().step());
    stage.call("/none");
    QCOMPARE(caller.got, std::string("1 CANCELLED"));
  }
  void pausedAndPacedAnswersWaitForBoth() {
    Stage stage(recordingOf("s S:a @0 R:1 @100 R:2 @200 E @200"), kRecorded);
    AnswerGate& gate = stage.replayer().gate();
    gate.setPaused(true);
    Caller& caller = stage.call(kMethod, "a");
    QCOMPARE(gate.held(), std::size_t{0});
    stage.pass(150ms);
    QCOMPARE(gate.held(), std::size_t{1});
    gate.setPaused(false);
    stage.call("/none");
    QCOMPARE(caller.got, std::string("1"));
    stage.pass(50ms);
    QCOMPARE(caller.got, std::string("1 2 OK"));
  }

  // Sessions of many threads wait for each other; who is woken goes on, and all get their answers.
  void threadsReleaseEachOther() {
    constexpr int kThreads = 4;
    constexpr int kCalls = 300;
    ReplayFile file;
    // Thread t makes every kThreads-th call, so each answer waits for the other threads.
    for (int i = 0; i < kThreads * kCalls; ++i)
      file.unary(kMethod, named(std::to_string(i)), named(std::to_string(i)));
    ReplayPolicy policy;
    policy.pace = {.pace = Pace::Causal, .causalBound = std::chrono::minutes(5)};
    const auto replayer = Replayer::create(file.recording(), Schema::builtin(), policy);
    QVERIFY(replayer);
    struct Bell final : Waker {
      void wake() override {
        rung = true;
        rung.notify_one();
      }
      std::atomic<bool> rung{false};
    };
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = t; i < kThreads * kCalls; i += kThreads) {
          const auto bell = std::make_shared<Bell>();
          ReplaySession session =
              (*replayer)->open(kMethod, static_cast<std::uint64_t>(i) + 1, [&] { return bell; });
          Reaction reaction;
          session.opened(reaction);
          session.message(field(1, std::to_string(i)), reaction);
          while (!reaction.end && !reaction.miss) {
            bell->rung.wait(false);
            bell->rung = false;
            session.woken(reaction);
          }
          if (reaction.end && reaction.end->status.code == 0) ++answered;
        }
      });
    std::atomic<bool> over{false};
    std::thread pauser([&] {
      while (!over) {
        (*replayer)->gate().setPaused(true);
        (*replayer)->gate().step();
        (*replayer)->gate().setPaused(false);
      }
    });
    for (std::thread& thread : threads) thread.join();
    over = true;
    pauser.join();
    QCOMPARE(answered.load(), kThreads * kCalls);
    QCOMPARE((*replayer)->gate().held(), std::size_t{0});
  }
};

QTEST_APPLESS_MAIN(tst_AnswerGate)
#include "tst_answer_gate.moc"
