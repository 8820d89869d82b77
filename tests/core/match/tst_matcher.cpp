#include <QTest>

#include "edit/edit.h"
#include "match/matcher.h"
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
  explicit Bench(std::shared_ptr<const Recording> of, MatchPolicy policy = {})
      : recording(of), matcher(policy.reuse) {
    rebuild();
  }
  void rebuild() {
    calls = groupCalls(*recording);
    cursors = std::make_unique<MatchCursors>(*MatchIndex::build(*recording, calls, *Schema::builtin()));
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
  Matcher matcher;
  Calls calls;
  std::unique_ptr<MatchCursors> cursors;
  Matcher::Answer last;
  std::uint64_t sequence = 0;
};

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
