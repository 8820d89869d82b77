#include <QTest>
#include <atomic>
#include <limits>
#include <random>
#include <thread>

#include "edit/edit.h"
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

constexpr const char* kPublish = "/t.S/Publish";
constexpr const char* kSubscribe = "/t.S/Subscribe";

Message named(const std::string& name) { return {"t.Message", field(1, name)}; }

// A subscriber hears of what a publisher publishes.
ReplayFile publishAndSubscribe() {
  ReplayFile file;
  const auto subscriber = file.createStream(kSubscribe);  // entry 1
  file.send(subscriber, named("topic"));
  const auto publisher = file.request(kPublish, named("news"));  // entry 3
  file.recv(subscriber, named("heard"));
  file.response(publisher, named("published"));
  file.recvEnd(subscriber);
  return file;
}

constexpr PacePolicy kCausal{.pace = Pace::Causal};
constexpr PacePolicy kRecorded{.pace = Pace::Recorded};

}  // namespace

// When answers go out: serving.md, "Pace".
class tst_Pace : public QObject {
  Q_OBJECT

 private slots:
  void answersGoOutAtTheirRecordedTimes_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<double>("speed");
    QTest::addColumn<int>("justBefore");  // milliseconds after the client's message
    QTest::addColumn<QString>("then");
    QTest::addColumn<QString>("atIt");
    const auto row = [](const char* name, const char* recorded, double speed, int justBefore,
                        const char* then, const char* atIt) {
      QTest::addRow("%s", name) << recorded << speed << justBefore << then << atIt;
    };
    row("a server stream", "s S:a @0 R:1 @100 R:2 @250 E @300", 1.0, 249, "1", "1 2");
    row("its end", "s S:a @0 R:1 @100 R:2 @250 E @300", 1.0, 299, "1 2", "1 2 OK");
    row("twice as fast", "s S:a @0 R:1 @100 R:2 @250 E @300", 2.0, 124, "1", "1 2");
    row("at half the speed", "s S:a @0 R:1 @100 R:2 @250 E @300", 0.5, 199, "", "1");
    row("an error", "s S:a @0 R:1 @100 E:5 @300", 1.0, 299, "1", "1 NOT_FOUND");
    row("behind a failed SEND", "s S:a @0 X @50 R:1 @100 E @300", 1.0, 99, "", "1");
    row("times that go back", "s S:a @500 R:1 @100 R:2 @700 E @700", 1.0, 199, "1", "1 2 OK");
    row("at no speed: as recorded", "s S:a @0 R:1 @100 R:2 @250 E @300", 0.0, 249, "1", "1 2");
  }
  void answersGoOutAtTheirRecordedTimes() {
    QFETCH(QString, recorded);
    QFETCH(double, speed);
    QFETCH(int, justBefore);
    QFETCH(QString, then);
    QFETCH(QString, atIt);
    Stage stage(recordingOf(recorded.toStdString()), {.pace = Pace::Recorded, .speed = speed});
    Caller& caller = stage.call(kMethod, "a");
    stage.pass(std::chrono::milliseconds(justBefore));
    QCOMPARE(QString::fromStdString(caller.got), then);
    stage.pass(1ms);
    QCOMPARE(QString::fromStdString(caller.got), atIt);
  }

  void aUnaryAnswerWaitsFromItsRequest() {
    ReplayFile file;
    const auto ref = file.request(kMethod, named("a"));
    file.at(1000ms).response(ref, named("1")).at(1300ms);
    Stage stage(file.recording(), kRecorded);
    Caller& caller = stage.call(kMethod);
    stage.pass(5s);
    caller.send("a");
    stage.pass(299ms);
    QCOMPARE(caller.got, std::string());
    stage.pass(1ms);
    QCOMPARE(caller.got, std::string("1 OK"));
  }

  // A RECV counts from the latest SEND before it, as that arrives: not from what came late before.
  void theGapIsThatBehindTheLatestMessage() {
    Stage stage(recordingOf("s S:a @0 R:1 @100 S:b @5000 R:2 @5100 E @5100"), kRecorded);
    Caller& caller = stage.call(kMethod, "a");
    stage.pass(200ms);
    QCOMPARE(caller.got, std::string("1"));
    caller.send("b");
    stage.pass(99ms);
    QCOMPARE(caller.got, std::string("1"));
    stage.pass(1ms);
    QCOMPARE(caller.got, std::string("1 2 OK"));
  }
  // Also of one that came before its turn.
  void aMessageThatCameEarlyCountsFromItsArrival() {
    Stage stage(recordingOf("s S:a @0 R:1 @300 S:b @400 R:2 @500 E @500"), kRecorded);
    Caller& caller = stage.call(kMethod, "a").send("b");
    stage.pass(300ms);
    QCOMPARE(caller.got, std::string("1 2 OK"));
  }
  void whatComesBeforeAnyMessageCountsFromTheBegin() {
    Stage stage(recordingOf("s @0 R:1 @100 S:a @200 R:2 @300 E @300"), kRecorded);
    Caller& caller = stage.call(kMethod);
    stage.pass(99ms);
    QCOMPARE(caller.got, std::string());
    stage.pass(1ms);
    QCOMPARE(caller.got, std::string("1"));
  }
  void whatCandidatesShareCountsFromTheBegin() {
    Stage stage(recordingOf("s R:hi @100 S:a @200 R:1 @200 E @200; s R:hi @500 S:b @600 R:2 @600 E @600"),
                kRecorded);
    // The time of CREATE_STREAM is not recorded here.
    QCOMPARE(stage.call(kMethod).got, std::string("hi"));
    ReplayFile file;
    for (const char* name : {"a", "b"}) {
      const auto ref = file.createStream(kMethod);
      file.at(0ms).recv(ref, named("hi")).at(100ms).send(ref, named(name)).at(200ms);
      file.recv(ref, named(name)).at(200ms);
    }
    Stage timed(file.recording(), kRecorded);
    Caller& caller = timed.call(kMethod);
    timed.pass(99ms);
    QCOMPARE(caller.got, std::string());
    timed.pass(1ms);
    QCOMPARE(caller.got, std::string("hi"));
    caller.send("b");
    QCOMPARE(caller.got, std::string("hi b"));
  }

  void sumsDoNotDrift() {
    std::string words = "s S:a @0";
    std::string all;
    for (int i = 1; i <= 100; ++i) {
      words += " R:" + std::to_string(i) + " @" + std::to_string(10 * i);
      all += std::to_string(i) + " ";
    }
    Stage stage(recordingOf(words + " E @1000"), kRecorded);
    Caller& caller = stage.call(kMethod, "a");
    stage.pass(1003ms, 3ms);  // each timer fires 3 ms late
    QCOMPARE(caller.got, all + "OK");
  }

  void withoutTimesAnswersGoOutAtOnce() {
    Stage stage(recordingOf("s S:a @0 R:1 R:2 R:3 @100 E; u b>9"), kRecorded);
    Caller& caller = stage.call(kMethod, "a");
    QCOMPARE(caller.got, std::string("1 2"));  // the third has its time
    stage.pass(100ms);
    QCOMPARE(caller.got, std::string("1 2 3 OK"));
    QCOMPARE(caller.notes,
             std::string("no time is recorded on entry 3: what it stands for goes out at once\n"));
    QCOMPARE(stage.call(kMethod, "b").got, std::string("9 OK"));
  }

  void damagedTimesDoNoHarm() {
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    ReplayFile file;
    for (const auto& [from, to] : {std::pair(kLeast, kMost), std::pair(kMost, kLeast)}) {
      const auto ref = file.request(kMethod, named("a"));
      file.extras({.timeNanos = from}).response(ref, named("1")).extras({.timeNanos = to});
    }
    Stage stage(file.recording(), {.pace = Pace::Recorded, .speed = 1e-300});
    Caller& long_ = stage.call(kMethod, "a");
    QCOMPARE(stage.call(kMethod, "a").got, std::string("1 OK"));
    stage.pass(std::chrono::hours(24 * 365));
    QCOMPARE(long_.got, std::string("1 OK"));
    QCOMPARE(long_.notes,
             std::string(
                 "entry 2 (RESPONSE of call 1, /t.S/M) goes out in 31536000 seconds, as it was recorded\n"));
  }

  // A client that ends the call in the gap does what it did when it was recorded.
  void theClientsOwnEndMayComeInTheGap() {
    Stage stage(recordingOf("s S:a @0 R:1 @0 E:4 @30000 @client"), kRecorded);
    Caller& caller = stage.call(kMethod, "a");
    stage.pass(29s);
    QVERIFY(caller.outcomeIfCancelled() == ReplayEvent::Outcome::Served);
    stage.pass(10s);
    QCOMPARE(caller.got, std::string("1"));
    stage.pass(1s);
    QCOMPARE(caller.got, std::string("1 DEADLINE_EXCEEDED"));
  }

  void aFailedCreationIsNotWaitedFor() {
    Stage stage(recordingOf("s F:7 @5000"), kRecorded);
    QCOMPARE(stage.call(kMethod).got, std::string("PERMISSION_DENIED"));
  }

  // Causal.

  void aSubscriberHearsWhatWasPublished() {
    Stage stage(publishAndSubscribe().recording(), kCausal);
    Caller& subscriber = stage.call(kSubscribe, "topic");
    stage.pass(9999ms);
    QCOMPARE(subscriber.got, std::string());
    Caller& publisher = stage.call(kPublish, "news");
    QCOMPARE(publisher.got, std::string("published OK"));
    QCOMPARE(subscriber.got, std::string("heard OK"));
    QCOMPARE(subscriber.notes, std::string());
  }
  void atOnceItHearsAtOnce() {
    Stage stage(publishAndSubscribe().recording());
    QCOMPARE(stage.call(kSubscribe, "topic").got, std::string("heard OK"));
  }
  void aCausalWaitEndsInItsBoundAndSaysSo() {
    Stage stage(publishAndSubscribe().recording(), kCausal);
    Caller& subscriber = stage.call(kSubscribe, "topic");
    stage.pass(10s);
    QCOMPARE(subscriber.got, std::string("heard OK"));
    QCOMPARE(
        subscriber.notes,
        std::string("no entry 3 (REQUEST of call 2, /t.S/Publish) for 10 seconds: entry 4 (RECV of call 1, "
                    "/t.S/Subscribe), recorded behind it, goes out without it\n"));
  }
  void whatWasGivenUpIsWaitedForNoMore() {
    ReplayFile file;
    for (int i = 0; i < 5; ++i) file.unary("/t.S/Never", named("x"), named("y"));
    file.unary(kMethod, named("a"), named("1"));
    file.unary(kMethod, named("b"), named("2"));
    Stage stage(file.recording(), {.pace = Pace::Causal, .causalBound = 1500ms});
    Caller& first = stage.call(kMethod, "a");
    stage.pass(1499ms);
    QCOMPARE(first.got, std::string());
    stage.pass(1ms);
    QCOMPARE(first.got, std::string("1 OK"));
    QVERIFY2(first.notes.starts_with(
                 "no entry 1 (REQUEST of call 1, /t.S/Never) and 4 more for 1500 ms: entry 12"),
             first.notes.c_str());
    QCOMPARE(stage.call(kMethod, "b").got, std::string("2 OK"));
    // Until everything starts over.
    stage.replayer().resetUsed();
    QCOMPARE(stage.call(kMethod, "a").got, std::string());
  }
  // What arrives meanwhile does not put the bound off.
  void theBoundIsThatOfTheAnswer() {
    ReplayFile file;
    file.unary("/t.S/Never", named("x"), named("y"));
    const auto stream = file.createStream(kMethod);
    file.send(stream, named("a")).recv(stream, named("1")).send(stream, named("b")).send(stream, named("c"));
    file.recvEnd(stream);
    Stage stage(file.recording(), kCausal);
    Caller& caller = stage.call(kMethod, "a");
    stage.pass(6s);
    caller.send("b");
    stage.pass(3999ms);
    QCOMPARE(caller.got, std::string());
    stage.pass(1ms);
    QCOMPARE(caller.got, std::string("1"));
  }
  void ofACallThatIsOverNoMoreIsAwaited_data() {
    QTest::addColumn<QString>("how");
    for (const char* how : {"half-closed", "closed", "gone", "ended"}) QTest::addRow("%s", how) << how;
  }
  void ofACallThatIsOverNoMoreIsAwaited() {
    QFETCH(QString, how);
    ReplayFile file;
    const auto stream = file.createStream(kSubscribe);
    file.send(stream, named("a"));
    if (how == "ended") file.recvEnd(stream);
    file.send(stream, named("b")).send(stream, named("c"));
    file.unary(kPublish, named("news"), named("published"));
    file.recvEnd(stream);
    Stage stage(file.recording(), kCausal);
    Caller& caller = stage.call(kSubscribe, "a");
    Caller& waiting = stage.call(kPublish, "news");
    if (how != "ended") {
      QCOMPARE(waiting.got, std::string());
      caller.send("b");
      QCOMPARE(waiting.got, std::string());
      if (how == "half-closed") caller.halfClose();
      if (how == "closed") caller.close();
      if (how == "gone") stage.leave(caller);
    }
    QCOMPARE(waiting.got, std::string("published OK"));
  }
  // Its message, which tells what it is, may come after the answer that stands behind its CREATE_STREAM.
  void aStreamThatIsOpenedHasArrived() {
    ReplayFile file;
    const auto stream = file.createStream(kSubscribe);
    file.unary(kPublish, named("news"), named("published"));
    file.send(stream, named("a")).recvEnd(stream);
    Stage stage(file.recording(), kCausal);
    Caller& publisher = stage.call(kPublish, "news");
    QCOMPARE(publisher.got, std::string());
    stage.call(kSubscribe);
    QCOMPARE(publisher.got, std::string("published OK"));
  }
  void whatFailedIsNotAwaited() {
    ReplayFile file;
    file.createStream(kSubscribe, Status{.code = 7, .message = "no", .details = {}});
    const auto stream = file.createStream(kSubscribe);
    file.sendFailed(stream);
    file.send(77, named("of no call"));
    file.unary(kPublish, named("news"), named("published"));
    file.recvEnd(stream);
    Stage stage(file.recording(), kCausal);
    stage.call(kSubscribe);  // the failed creation
    stage.call(kSubscribe);
    QCOMPARE(stage.call(kPublish, "news").got, std::string("published OK"));
  }
  void whatWasUsedBeforeItWasCausalIsNotAwaited() {
    ReplayFile file = publishAndSubscribe();
    const auto stream = file.createStream(kMethod);
    file.send(stream, named("a")).send(stream, named("b")).recvEnd(stream);
    file.unary(kPublish, named("more"), named("published too"));
    Stage stage(file.recording());
    stage.call(kPublish, "news");
    stage.call(kMethod, "a");  // its second SEND is nothing that anybody would tell of
    Caller& before = stage.call(kSubscribe);
    ReplayPolicy policy;
    policy.pace = kCausal;
    QVERIFY(stage.replayer().setPolicy(policy));
    Caller& waiting = stage.call(kPublish, "more");
    QCOMPARE(waiting.got, std::string());
    before.send("topic");  // it plays at once, and tells that it plays
    QCOMPARE(before.got, std::string("heard OK"));
    QCOMPARE(waiting.got, std::string("published too OK"));
  }
  void anEditWhileACallWaitsStopsNobody() {
    const auto recording = publishAndSubscribe().recording();
    Stage stage(recording, kCausal);
    Caller& subscriber = stage.call(kSubscribe, "topic");
    // Everything moves by two entries; the REQUEST keeps its id.
    Recording edited = recording->withInserted(
        0,
        serializeEntry(EntryKind::Request, "/t.S/New", EntryMessage{"t/t.Message", field(1, "n")}, false, 0),
        {});
    const EntryId added = edited.info(0).id;
    edited = edited.withInserted(
        1, serializeEntry(EntryKind::Response, {}, EntryMessage{"t/t.Message", field(1, "n")}, false, 1),
        added);
    QVERIFY(stage.replayer().replace(std::make_shared<const Recording>(edited), Schema::builtin()));
    QCOMPARE(subscriber.got, std::string());
    Caller& publisher = stage.call(kPublish, "news");
    QCOMPARE(subscriber.got, std::string("heard OK"));
    QCOMPARE(publisher.got, std::string());  // it waits for what was inserted before it
    stage.call("/t.S/New", "n");
    QCOMPARE(publisher.got, std::string("published OK"));
  }
  void changingThePolicyStopsNobody() {
    Stage stage(publishAndSubscribe().recording(), kCausal);
    Caller& subscriber = stage.call(kSubscribe, "topic");
    QVERIFY(stage.replayer().setPolicy({}));
    QCOMPARE(subscriber.got, std::string());  // a call keeps the pace that it began with
    stage.call(kPublish, "news");
    QCOMPARE(subscriber.got, std::string("heard OK"));
  }
  void aCallThatIsPlayedAgainWaitsForNothing() {
    ReplayPolicy policy;
    policy.match.reuse = Reuse::Last;
    policy.pace = kCausal;
    Stage stage(publishAndSubscribe().recording(), kCausal);
    QVERIFY(stage.replayer().setPolicy(policy));
    stage.call(kSubscribe, "topic");
    stage.call(kPublish, "news");
    QCOMPARE(stage.call(kSubscribe, "topic").got, std::string("heard OK"));
  }

  // Whatever the order in which a hundred thousand entries arrive; each step of a few would take hours.
  void theFrontierMovesOverMany_data() {
    QTest::addColumn<int>("order");
    QTest::addRow("in order") << 0;
    QTest::addRow("backwards") << 1;
    QTest::addRow("at random") << 2;
  }
  void theFrontierMovesOverMany() {
    QFETCH(int, order);
    constexpr std::uint32_t kCalls = 100'000;
    ReplayFile file;
    for (std::uint32_t i = 0; i < kCalls; ++i) file.request(kMethod, named("a"));
    const auto recording = file.recording();
    const auto calls = std::make_shared<const Calls>(groupCalls(*recording));
    CausalOrder causal;
    const auto snapshot = causal.follow(recording, calls, [](EntryId) { return false; });
    std::vector<std::uint32_t> ids(kCalls);
    for (std::uint32_t i = 0; i < kCalls; ++i) ids[i] = order == 1 ? kCalls - i : i + 1;
    if (order == 2) std::shuffle(ids.begin(), ids.end(), std::mt19937(1));
    CausalPlace last(causal, snapshot);
    for (const std::uint32_t id : ids) {
      QVERIFY(!last.lets(kCalls, nullptr));
      causal.settle({{id}}, nullptr);
    }
    QVERIFY(last.lets(kCalls, nullptr));
  }

  // Pause and step.

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
          ReplaySession session = (*replayer)->open(kMethod, static_cast<std::uint64_t>(i) + 1, bell);
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

QTEST_APPLESS_MAIN(tst_Pace)
#include "tst_pace.moc"
