#include <QTest>

#include "edit/edit.h"
#include "match/matcher.h"
#include "recording/entry_extras.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using test::Message;
using test::ReplayFile;

namespace {

Message request(const std::string& name) { return {"t.Request", field(1, name)}; }
Message answer(const std::string& name) { return {"t.Answer", field(1, name)}; }

constexpr const char* kMethod = "/t.S/M";

// A matcher over a recording: take() gives the number of the recorded call, 0 for a miss.
struct Bench {
  explicit Bench(std::shared_ptr<const Recording> of, MatchPolicy matchPolicy = {})
      : recording(of), policy(std::move(matchPolicy)), matcher(policy.reuse) {
    rebuild();
  }
  void rebuild() {
    calls = groupCalls(*recording);
    cursors =
        std::make_unique<MatchCursors>(*MatchIndex::build(*recording, calls, *Schema::builtin(), policy));
  }
  std::uint32_t take(const std::string& bytes) {
    const auto* method = cursors->index->method(kMethod);
    last = matcher.takeUnary(*cursors, *Schema::builtin(), *method, bytes, ++sequence);
    const auto* taken = std::get_if<Matcher::Taken>(&last);
    return taken ? taken->call + 1 : 0;
  }
  std::string take(std::initializer_list<const char*> names) {
    std::string numbers;
    for (const char* name : names) numbers += std::to_string(take(field(1, std::string(name)))) + " ";
    return numbers;
  }

  std::shared_ptr<const Recording> recording;
  MatchPolicy policy;
  Matcher matcher;
  Calls calls;
  std::unique_ptr<MatchCursors> cursors;
  Matcher::Answer last;
  std::uint64_t sequence = 0;
};

// "k=v,k=w", each an entry.
Metadata metadataOf(const QString& text) {
  Metadata metadata;
  for (const QString& one : text.split(',', Qt::SkipEmptyParts))
    metadata.push_back({one.section('=', 0, 0).toStdString(), one.section('=', 1).toStdString()});
  return metadata;
}

// A unary call, or a stream with one SEND (none for an empty request) and an answer; with this metadata, "-"
// for none recorded.
void addCall(ReplayFile& file, const std::string& request, const QString& metadata, bool isStream) {
  EntryExtras extras;
  if (metadata != "-") extras.requestMetadata = metadataOf(metadata);
  const std::string message = field(1, "type.googleapis.com/t.Request") + field(2, field(1, request));
  std::string begin = field(1, isStream ? 3 : 1) + field(2, std::string(kMethod));
  if (!isStream) begin += field(3, message);
  const std::uint32_t ref = file.record(begin + serializeExtras(extras));
  if (!isStream) {
    file.response(ref, answer("x"));
    return;
  }
  if (!request.empty()) file.send(ref, {"t.Request", field(1, request)});
  file.recv(ref, answer("x")).recvEnd(ref);
}

}  // namespace

class tst_Matcher : public QObject {
  Q_OBJECT

 private slots:
  void equalRequestsAreAnsweredInTheOrderOfTheirResponses() {
    ReplayFile file;
    const auto first = file.request(kMethod, request("a"));
    const auto second = file.request(kMethod, request("a"));
    const auto other = file.request(kMethod, request("b"));
    file.response(second, answer("early")).response(other, answer("b")).response(first, answer("late"));
    file.request(kMethod, request("a"));  // without an answer: after all that have one
    Bench bench(file.recording());
    QCOMPARE(bench.take({"b", "a", "a", "a", "a", "b"}), "3 2 1 4 0 0 ");
  }

  void aUsedUpRequestIsReusedAsThePolicySays_data() {
    QTest::addColumn<int>("reuse");
    QTest::addColumn<QString>("expected");
    QTest::addRow("once") << static_cast<int>(Reuse::Once) << "1 3 0 0 0 2 0 ";
    QTest::addRow("last") << static_cast<int>(Reuse::Last) << "1 3 3 3 3 2 2 ";
    QTest::addRow("cycle") << static_cast<int>(Reuse::Cycle) << "1 3 1 3 1 2 2 ";
  }
  void aUsedUpRequestIsReusedAsThePolicySays() {
    QFETCH(int, reuse);
    QFETCH(QString, expected);
    ReplayFile file;
    file.unary(kMethod, request("a"), answer("1"));
    file.unary(kMethod, request("b"), answer("2"));
    file.unary(kMethod, request("a"), answer("3"));
    Bench bench(file.recording(), {.reuse = static_cast<Reuse>(reuse)});
    QCOMPARE(QString::fromStdString(bench.take({"a", "a", "a", "a", "a", "b", "b"})), expected);
  }

  // It counts from the next answer on, and whatever another one has done before is no hindrance.
  void reuseMayChangeInTheMiddle_data() {
    QTest::addColumn<QString>("steps");
    QTest::addColumn<QString>("expected");
    // Three equal calls; o, l and c set the policy, a dot asks.
    QTest::addRow("once, last, cycle, once") << "....l...c....o.."
                                             << "1230 333 1231 00 ";
    QTest::addRow("last before all are used") << ".l....c...."
                                              << "1 2333 1231 ";
    QTest::addRow("cycle in the middle of a round, last, cycle") << "c.....l..c..."
                                                                 << " 12312 33 312 ";
    QTest::addRow("cycle, once, cycle") << "c....o.c..."
                                        << " 1231 0 231 ";
    QTest::addRow("once with some unused, cycle") << "..c...."
                                                  << "12 3123 ";
    QTest::addRow("last many times, once") << "l......o."
                                           << " 123333 0 ";
  }
  void reuseMayChangeInTheMiddle() {
    QFETCH(QString, steps);
    QFETCH(QString, expected);
    ReplayFile file;
    for (const char* name : {"1", "2", "3"}) file.unary(kMethod, request("a"), answer(name));
    Bench bench(file.recording());
    QString found;
    for (const QChar step : steps) {
      if (step == '.') {
        found += QString::number(bench.take(field(1, "a")));
        continue;
      }
      bench.matcher.setReuse(step == 'o' ? Reuse::Once : step == 'l' ? Reuse::Last : Reuse::Cycle);
      found += ' ';
    }
    QCOMPARE(found + ' ', expected);
  }

  void whatIsIgnoredIsNotCompared_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<unsigned>("expected");
    QTest::addRow("no rule") << ""
                             << "b" << 0u;
    QTest::addRow("by method") << "/t.S/M:1"
                               << "b" << 1u;
    QTest::addRow("of the service") << "t.S/*:1"
                                    << "b" << 1u;
    QTest::addRow("of all") << "*:1"
                            << "b" << 1u;
    QTest::addRow("of another method") << "/t.S/N:1"
                                       << "b" << 0u;
    QTest::addRow("another field") << "*:2"
                                   << "b" << 0u;
    QTest::addRow("another field, the same message") << "*:2"
                                                     << "a" << 1u;
  }
  void whatIsIgnoredIsNotCompared() {
    QFETCH(QString, rule);
    QFETCH(QString, asked);
    QFETCH(unsigned, expected);
    ReplayFile file;
    file.unary(kMethod, request("a"), answer("1"));
    MatchPolicy policy;
    if (!rule.isEmpty()) policy.ignore.push_back(*parseIgnoreRule(rule.toStdString()));
    Bench bench(file.recording(), policy);
    QCOMPARE(bench.take(field(1, asked.toStdString())), expected);
  }

  // Less what is ignored, one message may be the bytes of another, which is not equal.
  void bytesOfOneAreNotTheFormOfAnother() {
    const auto two = [](const char* a, const char* b) { return field(2, a) + field(2, b); };
    ReplayFile file;
    file.unary(kMethod, {"t.Request", two("a", "b")}, answer("1"));
    Bench bench(file.recording(), {.ignore = {*parseIgnoreRule("*:2[0]")}});
    QCOMPARE(bench.take(field(2, "x") + two("a", "b")), 0u);
    QCOMPARE(bench.take(two("x", "b")), 1u);
  }

  void metadataIsComparedWhereARuleAsks_data() {
    QTest::addColumn<bool>("isStream");
    QTest::addColumn<QStringList>("recorded");
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QStringList>("sent");
    QTest::addColumn<QString>("expected");
    for (const bool isStream : {false, true}) {
      const auto row = [&](const char* name, const QStringList& recorded, const QString& rules,
                           const QStringList& sent, const char* expected) {
        QTest::addRow("%s, %s", name, isStream ? "stream" : "unary")
            << isStream << recorded << rules << sent << expected;
      };
      row("no rule", {"k=1", "k=2"}, "", {"k=2", "k=2", "k=2"}, "1 2 0 ");
      row("a rule", {"k=1", "k=2"}, "*:k", {"k=2", "k=2", "k=1"}, "2 0 1 ");
      row("of another method", {"k=1", "k=2"}, "/t.S/N:k", {"k=2"}, "1 ");
      row("other keys never", {"k=1,x=1", "k=2,x=2"}, "*:k", {"k=2,x=7", "y=1,k=1"}, "2 1 ");
      row("all values in their order", {"k=1,k=2", "k=2,k=1"}, "*:k", {"k=2,k=1", "k=1", "k=1,j=0,k=2"},
          "2 0 1 ");
      row("two keys, in any order", {"k=1,j=2"}, "*:k *:j", {"j=1,k=2", "j=2", "j=2,k=1"}, "0 0 1 ");
      row("a value is not another key's", {"k=1"}, "*:k *:j", {"j=1"}, "0 ");
      row("no value is none", {"", "k=1"}, "*:k", {"", "k="}, "1 0 ");
      row("not recorded matches whatever", {"-"}, "*:k", {"k=1"}, "1 ");
      row("not recorded comes behind equal", {"-", "k=1", "-", "k=1"}, "*:k",
          {"k=1", "k=1", "k=1", "k=1", "k=1"}, "2 4 1 3 0 ");
      row("and is used up by others too", {"-", "k=1"}, "*:k", {"k=2", "k=2", "k=1", "k=1"}, "1 0 2 0 ");
      row("nothing but other metadata", {"k=1"}, "*:k", {"k=2"}, "0 ");
    }
  }
  void metadataIsComparedWhereARuleAsks() {
    QFETCH(bool, isStream);
    QFETCH(QStringList, recorded);
    QFETCH(QString, rules);
    QFETCH(QStringList, sent);
    QFETCH(QString, expected);
    ReplayFile file;
    for (const QString& metadata : recorded) addCall(file, "a", metadata, isStream);
    MatchPolicy policy;
    for (const QString& rule : rules.split(' ', Qt::SkipEmptyParts))
      policy.compareMetadata.push_back(*parseMetadataRule(rule.toStdString()));
    Bench bench(file.recording(), policy);
    QString found;
    for (const QString& one : sent) {
      const Metadata metadata = metadataOf(one);
      const auto* method = bench.cursors->index->method(kMethod, metadata);
      const std::string message = field(1, "a");
      const auto answered =
          isStream ? bench.matcher.takeStream(*bench.cursors, *Schema::builtin(), *method, {}, message, 1)
                   : bench.matcher.takeUnary(*bench.cursors, *Schema::builtin(), *method, message, 1);
      const auto* taken = std::get_if<Matcher::Taken>(&answered);
      found += QString::number(taken ? taken->call + 1 : 0) + ' ';
      if (!taken) QCOMPARE(std::get<Miss>(answered).recorded > 0, true);
    }
    QCOMPARE(found, expected);
  }

  void callsWithoutRecordedMetadataAreReusedBehindTheOthers_data() {
    QTest::addColumn<int>("reuse");
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("expected");
    for (const char* how : {"unary", "send", "unseen"}) {
      QTest::addRow("once, %s", how) << static_cast<int>(Reuse::Once) << how << "24130000";
      QTest::addRow("last, %s", how) << static_cast<int>(Reuse::Last) << how << "24133333";
      QTest::addRow("cycle, %s", how) << static_cast<int>(Reuse::Cycle) << how << "24132413";
    }
  }
  void callsWithoutRecordedMetadataAreReusedBehindTheOthers() {
    QFETCH(int, reuse);
    QFETCH(QString, how);
    QFETCH(QString, expected);
    ReplayFile file;
    for (const char* metadata : {"-", "k=1", "-", "k=1"})
      addCall(file, how == "unseen" ? "" : "a", metadata, how != "unary");
    addCall(file, how == "unseen" ? "" : "a", "k=other", how != "unary");
    Bench bench(file.recording(),
                {.reuse = static_cast<Reuse>(reuse), .compareMetadata = {*parseMetadataRule("*:k")}});
    const Metadata metadata = metadataOf("k=1");
    const auto* method = bench.cursors->index->method(kMethod, metadata);
    const std::string message = field(1, "a");
    QString found;
    for (int i = 0; i < expected.size(); ++i) {
      if (how == "unseen")
        QCOMPARE(bench.matcher.outlook(*bench.cursors, *method, {}).next == Matcher::Next::Nothing,
                 expected[i] == '0');
      const auto answered =
          how == "unary" ? bench.matcher.takeUnary(*bench.cursors, *Schema::builtin(), *method, message, 1)
          : how == "send"
              ? bench.matcher.takeStream(*bench.cursors, *Schema::builtin(), *method, {}, message, 1)
              : bench.matcher.takeStreamUnseen(*bench.cursors, *method, {}, Matcher::Prefer::RecvNext, 1);
      const auto* taken = std::get_if<Matcher::Taken>(&answered);
      found += QString::number(taken ? taken->call + 1 : 0);
      if (taken) continue;
      const auto& miss = std::get<Miss>(answered);
      QCOMPARE(miss.why, Miss::Why::UsedUp);
      QCOMPARE(miss.recorded, 4u);
      QCOMPARE(miss.callNumber, 3u);
    }
    QCOMPARE(found, expected);
  }

  void aMissSaysWhichCallUsedItUp() {
    ReplayFile file;
    file.unary(kMethod, request("a"), answer("1"));
    file.unary(kMethod, request("b"), answer("2"));
    Bench bench(file.recording());
    QCOMPARE(bench.take({"b", "a", "b"}), "2 1 0 ");
    const auto& usedUp = std::get<Miss>(bench.last);
    QCOMPARE(usedUp.why, Miss::Why::UsedUp);
    QCOMPARE(usedUp.callNumber, 2u);
    QCOMPARE(usedUp.usedBy, 1u);
    QCOMPARE(bench.take({"c"}), "0 ");
    QCOMPARE(std::get<Miss>(bench.last).why, Miss::Why::NothingEqual);
    QCOMPARE(std::get<Miss>(bench.last).recorded, 2u);
  }

  void aGuessComesSecondAndIsMarked() {
    const auto map = [](const char* one, const char* two) {
      return field(3, field(1, std::string(one)) + field(2, 1)) +
             field(3, field(1, std::string(two)) + field(2, 1));
    };
    ReplayFile file;
    file.unary(kMethod, {"t.Request", map("a", "b")}, answer("1"));
    file.unary(kMethod, {"t.Request", map("b", "a")}, answer("2"));
    Bench bench(file.recording());
    QCOMPARE(bench.take(map("b", "a")), 2u);
    QVERIFY(!std::get<Matcher::Taken>(bench.last).guessed);
    QCOMPARE(bench.take(map("b", "a")), 1u);
    QVERIFY(std::get<Matcher::Taken>(bench.last).guessed);
    QCOMPARE(bench.take(map("b", "a")), 0u);
    bench.matcher.reset();
    QCOMPARE(bench.take(map("a", "b")), 1u);
    // Written in a third way (a length of two bytes), it is equal by a guess alone.
    std::string other = map("b", "a");
    other.insert(2, 1, '\0');
    other[1] = static_cast<char>(other[1] | 0x80);
    bench.matcher.reset();
    QCOMPARE(bench.take(other), 2u);
    QVERIFY(!std::get<Matcher::Taken>(bench.last).guessed);
  }

  void whatWasUsedOutlivesTheIndex() {
    ReplayFile file;
    file.unary(kMethod, request("a"), answer("1"));
    file.unary(kMethod, request("a"), answer("2"));
    Bench bench(file.recording());
    QCOMPARE(bench.take({"a"}), "1 ");
    const auto edited = apply(*bench.recording, ReplaceMessage{{3}, field(1, "b"), {}});
    QVERIFY(edited);
    QVERIFY(!sameIndex(*bench.recording, bench.calls, *edited));
    bench.recording = std::make_shared<const Recording>(*edited);
    bench.rebuild();
    QCOMPARE(bench.take({"a", "b"}), "0 2 ");
    bench.matcher.reset();
    QCOMPARE(bench.take({"a", "b", "b"}), "1 2 0 ");
  }

  void anEditOfAnAnswerKeepsTheIndex_data() {
    QTest::addColumn<unsigned>("entry");
    QTest::addColumn<bool>("same");
    QTest::addRow("a REQUEST") << 1u << false;
    QTest::addRow("a RESPONSE") << 2u << true;
    QTest::addRow("a SEND") << 4u << false;
    QTest::addRow("a RECV behind a SEND") << 5u << true;
    QTest::addRow("a RECV that a stream begins with") << 7u << false;
  }
  void anEditOfAnAnswerKeepsTheIndex() {
    QFETCH(unsigned, entry);
    QFETCH(bool, same);
    ReplayFile file;
    file.unary(kMethod, request("a"), answer("1"));
    const auto stream = file.createStream(kMethod);
    file.send(stream, request("b")).recv(stream, answer("2"));
    const auto silent = file.createStream(kMethod);
    file.recv(silent, answer("3")).recvEnd(silent);
    const auto before = file.recording();
    const auto after = apply(*before, ReplaceMessage{{entry}, field(1, "other"), {}});
    QVERIFY(after);
    QCOMPARE(sameIndex(*before, groupCalls(*before), *after), same);
  }

  // A cursor skips what was used once, not at each lookup.
  void aHundredThousandEqualRequestsAreHandedOutInTurn() {
    ReplayFile file;
    for (int i = 0; i < 100'000; ++i) file.unary(kMethod, request("a"), answer("1"));
    Bench bench(file.recording());
    for (std::uint32_t i = 1; i <= 100'000; ++i) QCOMPARE(bench.take(request("a").bytes), i);
    QCOMPARE(bench.take(request("a").bytes), 0u);
  }

  void keysSurviveTheGrowthOfTheirTable() {
    KeyTable table;
    for (std::uint32_t i = 0; i < 10'000; ++i) QCOMPARE(table.insert(messageKey(std::to_string(i), 0), i), i);
    for (std::uint32_t i = 0; i < 10'000; ++i) QCOMPARE(table.insert(messageKey(std::to_string(i), 0), 7), i);
    for (std::uint32_t i = 0; i < 10'000; ++i) QCOMPARE(table.find(messageKey(std::to_string(i), 0)), i);
    QCOMPARE(table.find(messageKey("0", 1)), KeyTable::kNone);
  }
};

QTEST_APPLESS_MAIN(tst_Matcher)
#include "tst_matcher.moc"
