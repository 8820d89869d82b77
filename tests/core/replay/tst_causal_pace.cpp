#include <QTest>
#include <random>

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

}  // namespace

// Answers not before what the recording has before them: serving.md, "Pace".
class tst_CausalPace : public QObject {
  Q_OBJECT

 private slots:
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
  void whatWasCutOffIsNotWaitedFor() {
    ReplayFile file;
    file.request(kMethod, named("a"));
    file.at(0ms);
    file.unary(kMethod, named("a"), named("1"));
    Stage stage(file.recording(), kCausal);
    Caller& caller = stage.call(kMethod, "a");
    QCOMPARE(caller.got, std::string("1 OK"));
    QCOMPARE(caller.notes, std::string());
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
    const auto snapshot =
        causal.follow(recording, calls, *MatchIndex::build(*recording, *calls, *Schema::builtin()),
                      [](EntryId) { return false; });
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
};

QTEST_APPLESS_MAIN(tst_CausalPace)
#include "tst_causal_pace.moc"
