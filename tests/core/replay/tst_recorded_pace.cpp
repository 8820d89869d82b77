#include <QTest>
#include <limits>

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

// Answers at their recorded times: serving.md, "Pace".
class tst_RecordedPace : public QObject {
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
};

QTEST_APPLESS_MAIN(tst_RecordedPace)
#include "tst_recorded_pace.moc"
