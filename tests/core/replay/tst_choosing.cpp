#include <QTest>
#include <atomic>
#include <thread>

#include "edit/edit.h"
#include "recording/entry_extras.h"
#include "script.h"
#include "support/replay_file.h"

using namespace retake;
using test::notes;
using test::play;
using test::recordingOf;
using test::replayerOf;

namespace {

ReplayPolicy ignoring(const QString& rules) {
  ReplayPolicy policy;
  for (const QString& rule : rules.split(' ', Qt::SkipEmptyParts))
    policy.match.ignore.push_back(*parseIgnoreRule(rule.toStdString()));
  return policy;
}

}  // namespace

// Which recorded call a client gets: serving.md, "Choosing the recorded call".
class tst_Choosing : public QObject {
  Q_OBJECT

 private slots:
  // A stream whose metadata is not recorded may answer any client: its headers count as well.
  void headersOfAllCandidatesHaveToAgree() {
    for (const bool alike : {true, false}) {
      test::ReplayFile file;
      for (const bool hasMetadata : {true, false}) {
        const std::uint32_t stream = file.createStream("/t.S/M");
        if (hasMetadata) file.requestMetadata({{"tenant", "a"}});
        file.send(stream, {"t.M", test::field(1, hasMetadata ? "x" : "y")});
        file.recv(stream, test::Message{"t.M", {}}).headers({{"h", hasMetadata || alike ? "1" : "2"}});
      }
      ReplayPolicy policy;
      policy.match.compareMetadata = {*parseMetadataRule("*:tenant")};
      const auto replayer = Replayer::create(file.recording(), Schema::builtin(), policy);
      auto session = (*replayer)->open("/t.S/M", 1, {}, [] { return Metadata{{"tenant", "a"}}; });
      Reaction opened;
      session.opened(opened);
      QCOMPARE(opened.headers, alike);
      Reaction answered;
      session.message(test::field(1, "y"), answered);
      if (!alike) QCOMPARE(answered.metadata, (Metadata{{"h", "2"}}));
      QVERIFY(answered.notes.empty());
    }
  }

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
    row("an empty stream", "s", {"open"}, {"open: headers, wait 1000"});
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

  void aChangedPolicyKeepsWhatWasUsed() {
    const auto replayer = replayerOf("u a>1; u b>2; u c>3");
    QCOMPARE(play(*replayer, "open b"), "open: | b: 2, OK");
    QCOMPARE(play(*replayer, "open x"), "open: | x: UNKNOWN missed");
    QVERIFY(replayer->setPolicy(ignoring("*:1")));
    QCOMPARE(play(*replayer, "open x"), "open: | x: 1, OK");
    QVERIFY(replayer->setPolicy({}));
    QCOMPARE(play(*replayer, "open a"), "open: | a: UNKNOWN missed");
    QVERIFY(replayer->setPolicy(ignoring("*:1")));
    QCOMPARE(play(*replayer, "open b"), "open: | b: 3, OK");
    QCOMPARE(play(*replayer, "open b"), "open: | b: UNKNOWN missed");
    QVERIFY(replayer->neverAskedFor().empty());
    replayer->resetUsed();
    QCOMPARE(play(*replayer, "open c"), "open: | c: 1, OK");
  }

  void aCallKeepsThePolicyItBeganWith() {
    const auto replayer = replayerOf("s S:a R:1 S:b R:2 E");
    ReplayPolicy strict;
    strict.strictStreams = true;
    QVERIFY(replayer->setPolicy(strict));
    ReplaySession old = replayer->open(test::kMethod, 1);
    Reaction reaction;
    old.opened(reaction);
    old.message(test::field(1, "a"), reaction);
    QVERIFY(replayer->setPolicy({}));
    reaction = {};
    old.message(test::field(1, "x"), reaction);
    QVERIFY(reaction.miss);
    QCOMPARE(reaction.miss->miss.why, Miss::Why::Diverged);
    replayer->resetUsed();
    QCOMPARE(play(*replayer, "open a x"), "open: headers | a: headers, 1, wait 1000 | x: 2, OK");
  }

  // Recorded headers would keep it from being forwarded, and a client may wait for some.
  void whatIsUsedUpIsForwardedWithoutHeaders() {
    ReplayPolicy policy;
    policy.extra = ExtraCalls::Forward;
    const auto sends = replayerOf("s S:a R:1 @h:k=v E", policy);
    QCOMPARE(play(*sends, "open a"), "open: headers {k=v} | a: headers, 1, OK");
    QCOMPARE(play(*sends, "open a"), "open: wait 1000 | a: UNKNOWN missed");
    QCOMPARE(play(*sends, "open timer"), "open: wait 1000 | timer: UNKNOWN missed");
    QVERIFY(notes(*sends, "open timer")
                .starts_with(
                    "retake: /t.S/M: the one recorded stream that may answer is used up: recorded call 1"));
    const auto greets = replayerOf("s R:1 @h:k=v E", policy);
    QCOMPARE(play(*greets, "open"), "open: headers {k=v}, 1, OK");
    QCOMPARE(play(*greets, "open timer"), "open: wait 250 | timer: UNKNOWN missed");
  }

  void aStrictStreamHasAllMessages_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("played");
    QTest::addColumn<QString>("told");
    QTest::addRow("one is missing") << "s S:a S:b R:1 E"
                                    << "open a half"
                                    << "open: headers | a: headers, wait 1000 | half: UNKNOWN missed"
                                    << "retake: /t.S/M: half-closed after 1 message: recorded call 1 has 2\n";
    QTest::addRow("all") << "s S:a S:b R:1 E"
                         << "open a b half"
                         << "open: headers | a: headers, wait 1000 | b: 1, OK"
                         << "\n";
    QTest::addRow("one that failed was not sent") << "s S:a X R:1 @half E"
                                                  << "open a half"
                                                  << "open: headers | a: headers, wait 1000 | half: 1, OK"
                                                  << "\n";
    QTest::addRow("none came") << "s S:a R:1 E"
                               << "open half"
                               << "open: headers | half: UNKNOWN missed"
                               << "retake: /t.S/M: 1 call is recorded, none with an equal request\n";
    QTest::addRow("none behind a greeting")
        << "s R:1 S:a R:2 E"
        << "open half"
        << "open: headers, 1, wait 1000 | half: headers, UNKNOWN missed"
        << "retake: /t.S/M: half-closed after 0 messages: recorded call 1 has 1\n";
  }
  void aStrictStreamHasAllMessages() {
    QFETCH(QString, recorded);
    QFETCH(QString, client);
    QFETCH(QString, played);
    QFETCH(QString, told);
    ReplayPolicy policy;
    policy.strictStreams = true;
    const auto replayer = replayerOf(recorded.toStdString(), policy);
    QCOMPARE(QString::fromStdString(play(*replayer, client.toStdString())), played);
    replayer->resetUsed();
    const QString found = QString::fromStdString(notes(*replayer, client.toStdString()));
    QVERIFY2(found.startsWith(told), qPrintable(found));
  }

  void ignoredFieldsDoNotCountInStreams() {
    ReplayPolicy policy = ignoring("t.S/*:1");
    policy.strictStreams = true;
    const auto replayer = replayerOf("s S:a R:1 S:b R:2 E", policy);
    const std::string played = play(*replayer, "open x y");
    QVERIFY2(played.ends_with("y: 2, OK"), played.c_str());
  }

  // An index is made again where that would find other calls, and only there; what explains misses, which
  // may have read the recording, only with the recording.
  void whatIsTheSameIsKept_data() {
    QTest::addColumn<QString>("change");
    QTest::addColumn<bool>("sameIndex");
    QTest::addColumn<bool>("sameExplainer");
    QTest::addRow("pace") << "pace" << true << true;
    QTest::addRow("reuse") << "reuse" << true << true;
    QTest::addRow("ignore") << "ignore" << false << true;
    QTest::addRow("metadata") << "metadata" << false << true;
    QTest::addRow("an edited answer") << "answer" << true << false;
    QTest::addRow("an edited request") << "request" << false << false;
  }
  void whatIsTheSameIsKept() {
    QFETCH(QString, change);
    QFETCH(bool, sameIndex);
    QFETCH(bool, sameExplainer);
    const auto replayer = replayerOf("u a>1");
    const auto before = replayer->served();
    ReplayPolicy policy;
    if (change == "pace") policy.pace.pace = Pace::Causal;
    if (change == "reuse") policy.match.reuse = Reuse::Cycle;
    if (change == "ignore") policy = ignoring("*:9");
    if (change == "metadata") policy.match.compareMetadata.push_back({"*", "k"});
    if (change == "answer" || change == "request") {
      const std::uint32_t entry = change == "answer" ? 2 : 1;
      const auto edited = apply(*before->recording, ReplaceMessage{{entry}, test::field(1, "z"), {}});
      QVERIFY(replayer->replace(std::make_shared<const Recording>(*edited), before->schema));
    } else {
      QVERIFY(replayer->setPolicy(policy));
    }
    const auto after = replayer->served();
    QVERIFY(after != before);
    QCOMPARE(after->policy, policy);
    QCOMPARE(after->cursors == before->cursors, sameIndex);
    QCOMPARE(after->explainer == before->explainer, sameExplainer);
  }

  // Each call is handed out once, whatever the policy is meanwhile.
  void aPolicyMayChangeWhileCallsRun() {
    constexpr int kCalls = 3000;
    constexpr int kThreads = 4;
    test::ReplayFile file;
    for (int i = 0; i < kCalls; ++i)
      file.unary(test::kMethod, {"t.M", test::field(1, "a")}, test::Message{"t.M", test::field(1, "b")});
    const auto replayer = Replayer::create(file.recording(), Schema::builtin(), {});
    QVERIFY(replayer);
    std::vector<std::atomic<int>> taken(kCalls + 1);
    std::atomic<int> running = kThreads;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
      threads.emplace_back([&] {
        for (int i = 0; i < kCalls / kThreads; ++i) {
          ReplaySession session = (*replayer)->open(test::kMethod, 1);
          Reaction reaction;
          session.opened(reaction);
          session.message(test::field(1, "a"), reaction);
          ++taken[session.callNumber()];
        }
        --running;
      });
    int changes = 0;
    for (; running > 0 || changes < 4; ++changes) {
      ReplayPolicy policy = changes % 2 == 0 ? ignoring("*:2") : ReplayPolicy();
      policy.match.reuse = changes % 3 == 0 ? Reuse::Once : changes % 3 == 1 ? Reuse::Last : Reuse::Cycle;
      if (!(*replayer)->setPolicy(policy)) break;
    }
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(taken[0].load(), 0);
    for (int call = 1; call <= kCalls; ++call) QCOMPARE(taken[static_cast<std::size_t>(call)].load(), 1);
  }

  void metadataChoosesWhereARuleAsks_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<bool>("isStream");
    QTest::addColumn<QString>("tenants");
    QTest::addColumn<QString>("expected");
    for (const bool isStream : {false, true}) {
      const char* kind = isStream ? "a stream that begins with a RECV" : "unary";
      QTest::addRow("%s, no rule", kind) << "" << isStream << "yxz-"
                                         << "1234";
      QTest::addRow("%s, a rule", kind) << "*:tenant" << isStream << "yxxxz-"
                                        << "214000";
      QTest::addRow("%s, none sent", kind) << "*:tenant" << isStream << "----"
                                           << "4000";
    }
  }
  void metadataChoosesWhereARuleAsks() {
    QFETCH(QString, rule);
    QFETCH(bool, isStream);
    QFETCH(QString, tenants);
    QFETCH(QString, expected);
    test::ReplayFile file;
    const std::string message =
        test::field(1, "type.googleapis.com/t.M") + test::field(2, test::field(1, "a"));
    for (const char* tenant : {"x", "y", "w", ""}) {
      EntryExtras extras;
      if (*tenant) extras.requestMetadata = Metadata{{"tenant", tenant}, {"other", "1"}};
      std::string begin = test::field(1, isStream ? 3 : 1) + test::field(2, std::string(test::kMethod));
      if (!isStream) begin += test::field(3, message);
      const std::uint32_t ref = file.record(begin + serializeExtras(extras));
      if (isStream)
        file.recv(ref, test::Message{"t.M", test::field(1, tenant)}).recvEnd(ref);
      else
        file.response(ref, test::Message{"t.M", test::field(1, tenant)});
    }
    ReplayPolicy policy;
    if (!rule.isEmpty()) policy.match.compareMetadata.push_back(*parseMetadataRule(rule.toStdString()));
    const auto replayer = Replayer::create(file.recording(), Schema::builtin(), policy);
    QVERIFY(replayer);
    QString found;
    for (const QChar tenant : tenants) {
      Metadata metadata{{"other", "2"}};
      if (tenant != '-') metadata.push_back({"tenant", std::string(1, tenant.toLatin1())});
      int asked = 0;
      ReplaySession session = (*replayer)->open(test::kMethod, 1, {}, [&] {
        ++asked;
        return metadata;
      });
      QCOMPARE(asked, rule.isEmpty() ? 0 : 1);
      Reaction reaction;
      session.opened(reaction);
      if (isStream && !reaction.end && !reaction.miss)
        session.timerFired(reaction);
      else if (!isStream)
        session.message(test::field(1, "a"), reaction);
      QVERIFY(reaction.end || reaction.miss);
      if (reaction.miss) QCOMPARE(reaction.miss->metadata, std::optional(metadata));
      found += QString::number(session.callNumber());
    }
    QCOMPARE(found, expected);
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
    QVERIFY(reaction.notes[0].starts_with("recorded call 1 matched by a guess"));
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
