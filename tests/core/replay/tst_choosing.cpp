#include <QTest>

#include "edit/edit.h"
#include "script.h"
#include "support/replay_file.h"

using namespace retake;
using test::notes;
using test::play;
using test::recordingOf;
using test::replayerOf;

// Which recorded call a client gets: serving.md, "Choosing the recorded call".
class tst_Choosing : public QObject {
  Q_OBJECT

 private slots:
  void theRecordedCallIsChosen_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QStringList>("clients");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char* name, const char* recorded, const QStringList& clients,
                        const QStringList& expected) {
      QTest::addRow("%s", name) << recorded << clients << expected;
    };
    row("a unary call is matched on its first message", "u a>1; u b>2", {"open b", "open a"},
        {"open: | b: 2, OK", "open: | a: 1, OK"});
    row("each once", "u a>1; u a>2", {"open a", "open a", "open a"},
        {"open: | a: 1, OK", "open: | a: 2, OK", "open: | a: UNKNOWN missed"});
    row("both unary and stream: unary first", "s S:a R:s E; u a>1", {"open a", "open a"},
        {"open: | a: 1, OK", "open: | a: headers, s, OK"});
    row("both unary and a stream that begins with a RECV: 250 ms", "s R:s E; u a>1",
        {"open a", "open timer", "open"},
        {"open: wait 250 | a: 1, OK", "open: wait 250 | timer: headers, s, OK", "open: wait 250"});
    row("the first stream whose first SEND is equal", "s S:a R:1 E; s S:b R:2 E; s S:b R:3 E",
        {"open b", "open a", "open b"},
        {"open: headers | b: headers, 2, OK", "open: headers | a: headers, 1, OK",
         "open: headers | b: headers, 3, OK"});
    row("or that has no SEND", "s R:1 E:5; s S:a R:2 E", {"open a", "open a"},
        {"open: headers, wait 250 | a: headers, 1, NOT_FOUND", "open: headers | a: headers, 2, OK"});
    row("all begin with a SEND: no timer", "s S:a R:1 E; s S:b R:2 E", {"open", "open b"},
        {"open: headers", "open: headers | b: headers, 2, OK"});
    row("the only stream begins with a RECV: at once", "s R:1 R:2 E", {"open"}, {"open: headers, 1, 2, OK"});
    row("shared RECVs go out at once, the first message chooses", "s R:hi S:a R:1 E; s R:hi S:b R:2 E",
        {"open b", "open a"},
        {"open: headers, hi, wait 1000 | b: headers, 2, OK",
         "open: headers, hi, wait 1000 | a: headers, 1, OK"});
    row("where RECVs differ, the first", "s R:hi R:1 E; s R:hi R:2 E", {"open", "open"},
        {"open: headers, hi, 1, OK", "open: headers, hi, 2, OK"});
    row("where ends differ, the first", "s R:hi E:5; s R:hi E", {"open", "open"},
        {"open: headers, hi, NOT_FOUND", "open: headers, hi, OK"});
    row("one shares, the other has its SEND: 250 ms", "s R:hi S:a R:1 E; s R:hi R:2 E",
        {"open timer", "open a"},
        {"open: headers, hi, wait 250 | timer: headers, 2, OK",
         "open: headers, hi, wait 1000 | a: headers, 1, OK"});
    row("what was shared binds the choice", "s R:x S:a R:1 E; s R:hi S:a R:2 E; s R:hi S:a R:3 E",
        {"open a", "open a", "open a"},
        {"open: headers, x, wait 1000 | a: 1, OK", "open: headers, hi, wait 1000 | a: headers, 2, OK",
         "open: headers, hi, wait 1000 | a: headers, 3, OK"});
    row("mixed: the message within 250 ms", "s R:1 E; s S:a R:2 E", {"open a", "open"},
        {"open: headers, wait 250 | a: headers, 1, OK", "open: headers"});
    row("mixed: after 250 ms the first that begins with a RECV", "s S:a R:1 E; s R:2 E; s R:3 E",
        {"open timer", "open timer", "open a"},
        {"open: headers, wait 250 | timer: headers, 2, OK", "open: headers, wait 250 | timer: headers, 3, OK",
         "open: headers | a: headers, 1, OK"});
    row("mixed: the half-close within 250 ms", "s S:a R:1 E; s R:2 E", {"open half"},
        {"open: headers, wait 250 | half: headers, 2, OK"});
    row("a half-close without a message prefers a stream without SENDs", "s S:a R:1 E; s S:b R:2 E; s E",
        {"open half", "open half", "open half", "open half"},
        {"open: headers, wait 250 | half: headers, OK", "open: headers | half: headers, 1, OK",
         "open: headers | half: headers, 2, OK", "open: headers, wait 250 | half: UNKNOWN missed"});
    row("a half-close is no unary call", "u a>1", {"open half"}, {"open: | half: UNKNOWN missed"});
    row("a failed creation begins with a RECV", "s F:7; s S:a R:1 E", {"open timer", "open a"},
        {"open: wait 250 | timer: PERMISSION_DENIED", "open: | a: headers, 1, OK"});
    row("a failed creation fits any message", "s F:7", {"open"}, {"open: PERMISSION_DENIED"});
    row("a SEND that failed is not matched", "s X E:5; s S:a X E:5", {"open", "open a"},
        {"open: wait 250", "open: wait 250 | a: NOT_FOUND"});
    row("used up: one that begins with a RECV is not waited for", "s R:1 E", {"open", "open timer"},
        {"open: headers, 1, OK", "open: headers, wait 250 | timer: UNKNOWN missed"});
    row("used up: the message tells", "s S:a R:1 E", {"open a", "open a", "open b"},
        {"open: headers | a: headers, 1, OK", "open: headers | a: UNKNOWN missed",
         "open: headers | b: UNKNOWN missed"});
    row("a vanished client has used its call", "s S:a R:1 S:b E; s S:a R:2 E", {"open a cancel", "open a"},
        {"open: headers | a: headers, 1, wait 10000 | cancel: aborted", "open: headers | a: headers, 2, OK"});
    row("a client that vanished before the choice has used none", "s S:a R:1 E", {"open cancel", "open a"},
        {"open: headers | cancel: aborted", "open: headers | a: headers, 1, OK"});
    row("an empty stream", "s", {"open"}, {"open: headers, wait 10000"});
  }

  void theRecordedCallIsChosen() {
    QFETCH(QString, recorded);
    QFETCH(QStringList, clients);
    QFETCH(QStringList, expected);
    const auto replayer = replayerOf(recorded.toStdString());
    QStringList found;
    for (const QString& client : clients)
      found << QString::fromStdString(play(*replayer, client.toStdString()));
    QCOMPARE(found.join('\n'), expected.join('\n'));
  }

  void streamsAreReusedAsThePolicySays_data() {
    QTest::addColumn<int>("reuse");
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("answers");
    const QString sends = "s S:a R:1 E; s S:b R:2 E; s S:a R:3 E";
    const QString recvs = "s R:1 E; s R:2 E";
    QTest::addRow("last, by message") << static_cast<int>(Reuse::Last) << sends << "open a"
                                      << "1333";
    QTest::addRow("cycle, by message") << static_cast<int>(Reuse::Cycle) << sends << "open a"
                                       << "1313";
    QTest::addRow("last, without") << static_cast<int>(Reuse::Last) << recvs << "open"
                                   << "1222";
    QTest::addRow("cycle, without") << static_cast<int>(Reuse::Cycle) << recvs << "open"
                                    << "1212";
    QTest::addRow("last, half-close") << static_cast<int>(Reuse::Last) << sends << "open half"
                                      << "1233";
    QTest::addRow("cycle, half-close") << static_cast<int>(Reuse::Cycle) << sends << "open half"
                                       << "1231";
  }
  void streamsAreReusedAsThePolicySays() {
    QFETCH(int, reuse);
    QFETCH(QString, recorded);
    QFETCH(QString, client);
    QFETCH(QString, answers);
    const auto replayer = replayerOf(recorded.toStdString(), {.match = {.reuse = static_cast<Reuse>(reuse)}});
    QString found;
    for (int i = 0; i < 4; ++i) {
      const QString played = QString::fromStdString(play(*replayer, client.toStdString()));
      QVERIFY2(played.endsWith(", OK"), qPrintable(played));
      found += played.at(played.size() - 5);
    }
    QCOMPARE(found, answers);
  }

  void aMissSaysWhatHappened_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("text");
    QTest::addRow("nothing equal") << "u a>1; u b>2"
                                   << ""
                                   << "open c"
                                   << "/t.S/M: 2 calls are recorded, none with an equal request";
    QTest::addRow("no message") << "u a>1"
                                << ""
                                << "open half"
                                << "/t.S/M: 1 call is recorded, each with a request message; this one ended "
                                   "without any";
    QTest::addRow("used up")
        << "u b>1; u a>1"
        << "open a"
        << "open a"
        << "/t.S/M: this request is recorded once and used up: recorded call 2 was used by "
           "call";
    QTest::addRow("a stream, used up") << "s S:a R:1 E"
                                       << "open a"
                                       << "open a"
                                       << "used up: recorded call 1 was used by call";
  }
  void aMissSaysWhatHappened() {
    QFETCH(QString, recorded);
    QFETCH(QString, before);
    QFETCH(QString, client);
    QFETCH(QString, text);
    const auto replayer = replayerOf(recorded.toStdString());
    if (!before.isEmpty()) play(*replayer, before.toStdString());
    const QString found = QString::fromStdString(notes(*replayer, client.toStdString()));
    QVERIFY2(found.contains(text), qPrintable(found));
  }

  void aMethodThatIsNotRecordedIsUnimplemented() {
    const auto replayer = replayerOf("u a>1");
    Reaction reaction;
    replayer->open("/t.S/Other", 1).opened(reaction);
    QVERIFY(reaction.miss);
    const ReplayEnd end = endOfMiss(replayer->explain(*replayer->served(), *reaction.miss));
    QCOMPARE(end.status.code, 12);
    QCOMPARE(end.status.message, "retake: no call of /t.S/Other is recorded");
    QVERIFY(!reaction.headers);
  }

  void aGuessIsMarkedInTheLog() {
    const auto map = [](const char* one, const char* two) {
      return test::field(3, test::field(1, std::string(one))) +
             test::field(3, test::field(1, std::string(two)));
    };
    test::ReplayFile file;
    file.unary(test::kMethod, {"t.M", map("a", "b")}, test::Message{"t.M", {}});
    const auto replayer = Replayer::create(file.recording(), Schema::builtin(), {});
    QVERIFY(replayer);
    ReplaySession session = (*replayer)->open(test::kMethod, 1);
    Reaction reaction;
    session.opened(reaction);
    session.message(map("b", "a"), reaction);
    QVERIFY(reaction.end);
    QCOMPARE(reaction.end->status.code, 0);
    QCOMPARE(reaction.notes.size(), 1u);
    QVERIFY(reaction.notes[0].starts_with("call 1 matched by a guess"));
  }

  void aCallKeepsTheSnapshotItBeganWith() {
    const auto replayer = replayerOf("s S:a R:1 S:b R:2 E; u x>1");
    const auto before = replayer->served()->recording;
    ReplaySession old = replayer->open(test::kMethod, 1);
    Reaction reaction;
    old.opened(reaction);
    const auto after = apply(*before, ReplaceMessage{{5}, test::field(1, "edited"), {}});
    QVERIFY(after);
    const auto changed = replayer->replace(std::make_shared<const Recording>(*after), Schema::builtin());
    QVERIFY(changed);
    QCOMPARE(changed->size(), 1u);
    old.message(test::field(1, "a"), reaction);
    reaction = {};
    old.message(test::field(1, "b"), reaction);
    QCOMPARE(reaction.messages.size(), 1u);
    QCOMPARE(old.payload(reaction.messages[0])->view, ByteView(test::field(1, "2")));
    // It has used the call of the edited recording as well: that is the same one.
    QCOMPARE(play(*replayer, "open a"), "open: | a: UNKNOWN missed");
    replayer->resetUsed();
    QCOMPARE(play(*replayer, "open a b"), "open: | a: headers, 1, wait 1000 | b: edited, OK");
    QCOMPARE(replayer->neverAskedFor(), std::vector<std::uint32_t>{2});
  }
};

QTEST_APPLESS_MAIN(tst_Choosing)
#include "tst_choosing.moc"
