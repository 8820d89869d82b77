#include <QTest>

#include "edit/edit.h"
#include "script.h"

using namespace retake;
using test::notes;
using test::play;
using test::recordingOf;
using test::replayerOf;

// A call that was cut off: its recorder was killed or closed before the call was over, or did not reach the
// service.
class tst_CutOff : public QObject {
  Q_OBJECT

 private slots:
  // It answers where nothing whole does, and nothing where an upstream can be asked.
  void answersWhereNothingWholeDoes_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("alone");
    QTest::addColumn<QString>("withUpstream");
    const auto row = [](const char* name, const char* recorded, const char* client, const char* alone,
                        const char* withUpstream) {
      QTest::addRow("%s", name) << recorded << client << alone << withUpstream;
    };
    const auto same = [&](const char* name, const char* recorded, const char* client, const char* played) {
      row(name, recorded, client, played, played);
    };
    const char* none = "open: UNIMPLEMENTED missed";
    row("a request without an answer", "u a @0", "open a", "open: | a: wait 1000", none);
    same("another one has it", "u a @0; u a>1", "open a", "open: | a: 1, OK");
    row("another request", "u a @0; u b>1", "open a", "open: | a: wait 1000", "open: | a: UNKNOWN missed");
    row("the recorder's own word", "u a>!14 @recorder", "open a", "open: | a: UNAVAILABLE", none);
    same("before a service's", "u a>!14 @recorder; u a>1", "open a", "open: | a: 1, OK");
    same("behind it", "u a>1; u a>!14 @recorder", "open a", "open: | a: 1, OK");
    same("the same of a service", "u a>!14 @t:", "open a", "open: | a: UNAVAILABLE");
    row("a stream without an end", "s @0 S:a R:1 R:2", "open a",
        "open: headers | a: headers, 1, 2, wait 1000", none);
    same("before one that has it", "s @0 S:a R:1 R:2; s S:a R:3 R:4 E", "open a",
         "open: headers | a: headers, 3, 4, OK");
    same("before a message", "s @0; s S:a R:3 E", "open a", "open: headers | a: headers, 3, OK");
    same("of which a slow client hears nothing", "s S:a R:3 E; s @0", "open timer a",
         "open: headers | timer: | a: headers, 3, OK");
    same("nor one that it does not answer", "s S:a R:3 E; s @0", "open b",
         "open: headers | b: UNKNOWN missed");
    same("a stream that begins with a RECV", "s @0 R:1 R:2; s R:3 R:4 E", "open", "open: headers, 3, 4, OK");
    same("that was cut off behind its greeting", "s R:hi S:a R:1 E; s @0 R:hi", "open timer",
         "open: headers, hi, wait 1000 | timer: headers, 1, wait 9000");
    same("a longer one that nobody ended", "s S:a R:1 E; s @0 S:a R:2 R:3", "open a",
         "open: headers | a: headers, 1, OK");
    row("is still there, in its place", "s @0 S:a R:2 R:3; s S:a R:1 E", "open a",
        "open: headers | a: headers, 2, 3, wait 1000", "open: headers | a: headers, 1, OK");
    row("and so is one that only listens", "s S:a R:1 E; s @0 R:2 R:3", "open timer",
        "open: headers, wait 250 | timer: headers, 2, 3, wait 1000", "open: headers | timer:");
    same("a listener that hears as much", "s @0 R:2; s R:3 R:4 E", "open", "open: headers, 3, 4, OK");
    same("whole without a message", "s @0 S:a R:1; s R:2 E", "open a", "open: headers, 2, OK");
    same("a stream where a unary call is whole", "s @0 S:a; u a>1", "open a", "open: | a: 1, OK");
    same("one that never began", "s @0; u a>1", "open a", "open: | a: 1, OK");
    same("a unary call where a stream is whole", "u a>!14 @recorder; s S:a R:1 E", "open a",
         "open: headers | a: headers, 1, OK");
    row("a client stream whose recorder did not see the end", "s @0 S:a R:9 @5", "open a half",
        "open: headers | a: headers, 9, wait 10000 | half: OK", none);
    same("and one whose did", "s @0 S:a R:9 @5 @t:", "open a half",
         "open: headers | a: headers, 9, wait 10000 | half: OK");
    same("which looks like another kind", "s @0 S:a R:8 R:9 @5 @t:", "open a",
         "open: headers | a: headers, 8, 9, wait 1000");
    same("a client that cancelled has ended the call", "s @0 S:a R:1 E:1 @client", "open a",
         "open: headers | a: headers, 1, wait 1000");
    same("the Go packages do not tell", "s S:a R:1 R:2", "open a",
         "open: headers | a: headers, 1, 2, wait 1000");
  }
  void answersWhereNothingWholeDoes() {
    QFETCH(QString, recorded);
    QFETCH(QString, client);
    QFETCH(QString, alone);
    QFETCH(QString, withUpstream);
    const auto replayer = replayerOf(recorded.toStdString());
    // The policy changes while it serves, and back.
    for (int round = 0; round < 2; ++round) {
      for (const bool forward : {false, true}) {
        ReplayPolicy policy;
        if (forward) policy.extra = ExtraCalls::Forward;
        QVERIFY(replayer->setPolicy(policy));
        replayer->resetUsed();
        QCOMPARE(QString::fromStdString(play(*replayer, client.toStdString())),
                 forward ? withUpstream : alone);
      }
    }
  }

  void isNotUsedBesideWhatIsWhole_data() {
    QTest::addColumn<int>("reuse");
    QTest::addColumn<QString>("answers");
    QTest::addRow("once") << static_cast<int>(Reuse::Once) << "1 2 UNKNOWN UNKNOWN";
    QTest::addRow("last") << static_cast<int>(Reuse::Last) << "1 2 2 2";
    QTest::addRow("cycle") << static_cast<int>(Reuse::Cycle) << "1 2 1 2";
  }
  void isNotUsedBesideWhatIsWhole() {
    QFETCH(int, reuse);
    QFETCH(QString, answers);
    ReplayPolicy policy;
    policy.match.reuse = static_cast<Reuse>(reuse);
    const auto replayer = replayerOf("u a>!14 @recorder; u a>1; u a>2; u b @0", policy);
    QCOMPARE(replayer->neverAskedFor(), (std::vector<std::uint32_t>{2, 3, 4}));
    QStringList got;
    for (int i = 0; i < 4; ++i)
      got << QString::fromStdString(play(*replayer, "open a"))
                 .section(": ", 2)
                 .section(QRegularExpression("[ ,]"), 0, 0);
    QCOMPARE(got.join(' '), answers);
  }

  // What is left out stands in no queue, so that none is empty: whatever is asked of it ends.
  void leavesNothingEmptyBehind_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addRow("unary") << "u a>!14 @recorder; s S:a R:1 E";
    QTest::addRow("stream") << "s @0 S:a; u a>1";
    QTest::addRow("silent") << "s @0; s S:a R:1 E";
  }
  void leavesNothingEmptyBehind() {
    QFETCH(QString, recorded);
    for (const Reuse reuse : {Reuse::Once, Reuse::Last, Reuse::Cycle}) {
      ReplayPolicy policy;
      policy.match.reuse = reuse;
      const auto replayer = replayerOf(recorded.toStdString(), policy);
      for (const char* client : {"open a", "open a half", "open half", "open timer", "open a"})
        play(*replayer, client);
      QCOMPARE(replayer->neverAskedFor(), std::vector<std::uint32_t>());
    }
  }

  void isToldOf() {
    ReplayPolicy policy;
    policy.extra = ExtraCalls::Forward;
    const auto alone = replayerOf("u a @0", policy);
    QCOMPARE(notes(*alone, "open"), "retake: no call of /t.S/M is recorded to its end; 1 was cut off\n");
    const auto beside = replayerOf("u a @0; u b>1", policy);
    const std::string text = notes(*beside, "open a");
    QVERIFY2(
        text.find("nearest is call 1 (unused): its message is equal, and it was cut off before its end") !=
            std::string::npos,
        text.c_str());
  }

  // An edited answer is nobody's but the one's who edited it.
  void isNotWhatWasEdited() {
    ReplayPolicy policy;
    policy.extra = ExtraCalls::Forward;
    const auto replayer = replayerOf("u a>!14 @recorder", policy);
    const auto before = replayer->served();
    const auto edited =
        apply(*before->recording, ReplaceStatus{{2}, {.code = 5, .message = "gone", .details = {}}});
    QVERIFY(edited);
    QVERIFY(replayer->replace(std::make_shared<const Recording>(*edited), before->schema));
    QCOMPARE(play(*replayer, "open a"), "open: | a: NOT_FOUND");
    const auto copied = apply(*before->recording, *copyOfCall(*before->recording, (*before->calls)[0]));
    QVERIFY(copied);
    QVERIFY(replayer->replace(std::make_shared<const Recording>(*copied), before->schema));
    QCOMPARE(play(*replayer, "open a"), "open: | a: UNAVAILABLE");
    const auto repaired = apply(*recordingOf("u a @0"), Repair{Repair::Kind::AnswerRequest, {1}});
    QVERIFY(repaired);
    QVERIFY(replayer->replace(std::make_shared<const Recording>(*repaired), before->schema));
    QCOMPARE(play(*replayer, "open a"), "open: UNIMPLEMENTED missed");
  }
};

QTEST_APPLESS_MAIN(tst_CutOff)
#include "tst_cut_off.moc"
