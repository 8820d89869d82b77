#include <QElapsedTimer>
#include <QTest>

#include <set>

#include "explain/explainer.h"
#include "explain/request_sketch.h"
#include "recording/entry_extras.h"
#include "schema/sources.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using test::ReplayFile;
using Bytes = std::string;

namespace {

constexpr const char* kMethod = "/t.S/M";

Explainer explainerOf(const ReplayFile& file, std::shared_ptr<const Schema> schema = Schema::builtin()) {
  const auto recording = file.recording();
  return {recording, std::make_shared<const Calls>(groupCalls(*recording)), std::move(schema)};
}

MissedCall missedCall(const Bytes& sent, Miss miss = {.why = Miss::Why::NothingEqual, .recorded = 1},
                      const std::string& method = kMethod) {
  return {.miss = miss, .method = method, .sent = std::make_shared<const Bytes>(sent)};
}

struct File : ReplayFile {
  File& call(const Bytes& request) {
    unary(kMethod, {"t.Request", request}, test::Message{"t.Answer", ""});
    return *this;
  }
};

// The number of the nearest call and the paths; "none".
QString nearest(const Explanation& explanation) {
  if (!explanation.nearest) return "none";
  QString text = QString::number(explanation.nearest->number);
  for (const Difference& one : explanation.nearest->differences)
    text += " " + QString::fromStdString(toString(one.path));
  return text;
}

QString nearest(const ReplayFile& file, const Bytes& sent, std::set<std::uint32_t> used = {},
                const MatchPolicy& policy = {}) {
  return nearest(explainerOf(file).explain(missedCall(sent), policy,
                                           [&](EntryId id) { return used.contains(id.value); }));
}

Bytes order(const Bytes& id, std::uint64_t count, const Bytes& note) {
  return field(1, id) + field(2, count) + field(3, note);
}

}  // namespace

class tst_Explainer : public QObject {
  Q_OBJECT

 private slots:
  void theCallThatDiffersInTheFewestFieldsIsNearest() {
    File file;
    file.call(order("a", 1, "x")).call(order("b", 1, "a long note")).call(order("b", 2, "z"));
    // Two are equally near; what has more in common goes before.
    QCOMPARE(nearest(file, order("b", 2, "a long note")), QString("2 2"));
    QCOMPARE(nearest(file, order("a", 1, "q")), QString("1 3"));
    QCOMPARE(nearest(file, order("b", 2, "q")), QString("3 3"));
    QCOMPARE(nearest(file, order("a", 2, "x") + field(9, 1)), QString("1 2 9"));
  }

  // What is recorded: "s" is scrubbed, "r" has real values; near or far.
  void aMissSaysThatRulesAreOff_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<bool>("isNear");
    QTest::addColumn<bool>("rulesOff");
    QTest::addColumn<int>("scrubbedCalls");
    QTest::addRow("scrubbed and near") << "s" << true << true << 1;
    QTest::addRow("scrubbed and far") << "srs" << false << true << 2;
    QTest::addRow("real values") << "rr" << true << false << 0;
  }
  void aMissSaysThatRulesAreOff() {
    QFETCH(QString, recorded);
    QFETCH(bool, isNear);
    QFETCH(bool, rulesOff);
    QFETCH(int, scrubbedCalls);
    File file;
    for (const QChar one : recorded) {
      const auto ref = file.request(kMethod, {"t.Request", order("token", 1, "x")});
      if (one == 's') file.extras({.scrubbed = true});
      file.response(ref, test::Message{"t.Answer", ""});
    }
    const Bytes sent = isNear ? order("value", 1, "x") : field(9, "other");
    const Explanation found = explainerOf(file).explain(missedCall(sent), {}, {});
    QCOMPARE(found.scrubFit, rulesOff ? ScrubFit::RulesOff : ScrubFit::Fits);
    QCOMPARE(found.scrubbedCalls, static_cast<std::uint32_t>(scrubbedCalls));
    QCOMPARE(found.nearest.has_value(), isNear);
    if (isNear) QCOMPARE(found.nearest->scrubbed, rulesOff);
  }

  void unrelatedCallsAreNotNear() {
    File file;
    file.call(order("a", 1, "x"));
    QCOMPARE(nearest(file, order("b", 2, "y")), QString("none"));
    QCOMPARE(nearest(file, field(7, "z")), QString("none"));
    QCOMPARE(nearest(file, field(7, "z") + field(8, "z") + field(9, "z") + field(10, "z") + field(2, 1)),
             QString("none"));
    File two;
    two.call(field(1, 7)).call("");
    QCOMPARE(nearest(two, field(2, "q")), QString("2 2"));
    QCOMPARE(nearest(File(), field(2, "q")), QString("none"));
  }

  void aSingleLeafThatDiffersIsNear() {
    File file;
    file.call(field(1, "a")).call(field(1, "projects/p/secrets/one"));
    QCOMPARE(nearest(file, field(1, "projects/p/secrets/two")), QString("2 1"));
    QCOMPARE(nearest(file, field(1, 5)), QString("none"));
  }

  void unusedCallsComeFirstThenEarlierOnes() {
    File file;
    file.call(order("a", 1, "1")).call(order("a", 1, "2")).call(order("a", 1, "3"));
    QCOMPARE(nearest(file, order("a", 1, "q")), QString("1 3"));
    // Ids are positions from 1: the REQUESTs are 1, 3 and 5.
    QCOMPARE(nearest(file, order("a", 1, "q"), {1}), QString("2 3"));
    QCOMPARE(nearest(file, order("a", 1, "q"), {1, 3}), QString("3 3"));
    QCOMPARE(nearest(file, order("a", 1, "q"), {1, 3, 5}), QString("1 3"));
    // A used one that is nearer comes before an unused one that is not.
    file.call(order("a", 2, "4"));
    QCOMPARE(nearest(file, order("a", 2, "q"), {7}), QString("4 3"));
    const auto explanation = explainerOf(file).explain(missedCall(order("a", 2, "q")), {},
                                                       [](EntryId id) { return id.value == 7; });
    QVERIFY(explanation.nearest->used);
  }

  void whatIsIgnoredIsNoDistance() {
    File file;
    file.call(order("a", 1, "x")).call(order("b", 2, "y"));
    MatchPolicy policy;
    policy.ignore = {*parseIgnoreRule("t.S/M:2"), *parseIgnoreRule("t.S/M:3")};
    QCOMPARE(nearest(file, order("b", 1, "x")), QString("1 1"));
    QCOMPARE(nearest(file, order("c", 1, "x"), {}, policy), QString("1 1"));
    policy.ignore = {*parseIgnoreRule("t.S/M:2")};
    QCOMPARE(nearest(file, order("b", 1, "z"), {}, policy), QString("2 3"));
    // The policy of a later miss counts, whatever was asked before.
    const Explainer explainer = explainerOf(file);
    const auto unused = [](EntryId) { return false; };
    QCOMPARE(nearest(explainer.explain(missedCall(order("b", 1, "x")), {}, unused)), QString("1 1"));
    QCOMPARE(nearest(explainer.explain(missedCall(order("b", 1, "x")), policy, unused)), QString("1 1"));
    QCOMPARE(nearest(explainer.explain(missedCall(order("b", 9, "y")), {}, unused)), QString("2 2"));
  }

  void withASchemaFieldsHaveNames() {
    const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/core/match/everything.proto"};
    const auto schema = loadSchema(places);
    QVERIFY(schema);
    ReplayFile file;
    const auto message = [](const Bytes& text, std::uint64_t count) {
      return field(9, text) + field(3, field(1, "k") + field(2, count));
    };
    for (std::uint64_t i = 0; i < 50; ++i)
      file.unary("/everything.Service/Unary",
                 {"everything.Everything", message("text " + std::to_string(i), i)},
                 test::Message{"everything.Everything", ""});
    const Explainer explainer = explainerOf(file, *schema);
    const auto miss =
        missedCall(message("text 30", 31), {.why = Miss::Why::NothingEqual}, "/everything.Service/Unary");
    // Two are equally near; what has more in common goes before.
    const auto explanation = explainer.explain(miss, {}, {});
    QCOMPARE(nearest(explanation), QString("31 counts[\"k\"]"));
    QCOMPARE(explanation.sentText, std::string(R"({"counts": {"k": 31}, "text": "text 30"})"));
    MatchPolicy policy;
    policy.ignore = {*parseIgnoreRule("everything.Service/*:counts[\"k\"]")};
    QCOMPARE(
        nearest(explainer.explain(missedCall(message("text 5x", 999), miss.miss, miss.method), policy, {})),
        QString("6 text"));
  }

  void streamsAreComparedByTheirFirstMessage() {
    ReplayFile file;
    const std::uint32_t first = file.createStream(kMethod);
    file.recv(first, {"t.Answer", field(1, "hi")}).send(first, {"t.Request", order("a", 1, "x")});
    const std::uint32_t second = file.createStream(kMethod);
    file.sendFailed(second)
        .send(second, {"t.Request", order("b", 2, "y")})
        .send(second, {"t.Request", order("c", 3, "z")});
    const auto explanation = explainerOf(file).explain(missedCall(order("b", 9, "y")), {}, {});
    QCOMPARE(nearest(explanation), QString("2 2"));
    QCOMPARE(explanation.nearest->message.value, 6u);
    const Miss diverged{.why = Miss::Why::Diverged, .callNumber = 2, .message = 2};
    QCOMPARE(nearest(explainerOf(file).explain(missedCall(order("c", 3, "q"), diverged), {}, {})),
             QString("2 3"));
    const Miss many{.why = Miss::Why::TooManyMessages, .recorded = 2, .callNumber = 2, .message = 3};
    const auto last = explainerOf(file).explain(missedCall(order("d", 3, "q"), many), {}, {});
    QCOMPARE(nearest(last), QString("2"));
    QVERIFY(!last.nearest->message);
    QVERIFY(!last.sentText.empty());
  }

  // Its bytes tell more than what can be read of them.
  void whatIsNoMessageOfItsTypeIsTold() {
    const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/core/match/everything.proto"};
    const auto schema = loadSchema(places);
    QVERIFY(schema);
    const char* method = "/everything.Service/Unary";
    ReplayFile file;
    file.unary(method, {"everything.Everything", field(9, "text")},
               test::Message{"everything.Everything", ""});
    const Explainer explainer = explainerOf(file, *schema);
    const auto told = [&](const Bytes& sent) {
      return explainer.explain(missedCall(sent, {.why = Miss::Why::NothingEqual, .recorded = 1}, method), {},
                               {});
    };
    const auto damaged = told("\xff\xff\xff");
    QVERIFY2(damaged.sentDamage.starts_with("no everything.Everything: "), damaged.sentDamage.c_str());
    const std::string text = statusText(damaged);
    QVERIFY2(text.find("\nwhat was sent is no everything.Everything: ") != std::string::npos, text.c_str());
    QCOMPARE(damaged.sentText, std::string("b\"\\xff\\xff\\xff\""));
    QCOMPARE(told(field(9, "other")).sentDamage, std::string());
  }

  void anEqualMessageIsSaidToBeEqual() {
    File file;
    file.call(order("a", 1, "x"));
    const auto explanation = explainerOf(file).explain(missedCall(order("a", 1, "x")), {}, {});
    QCOMPARE(nearest(explanation), QString("1"));
    QVERIFY(explanation.nearest->equal);
    File damaged;
    damaged.call("\xff");
    const auto other = explainerOf(damaged).explain(missedCall("\xfe"), {}, {});
    QVERIFY(other.nearest && !other.nearest->equal && other.nearest->differences.empty());
  }

  void metadataThatAreComparedAreTold() {
    ReplayFile file;
    std::string entry =
        serializeEntry(EntryKind::Request, kMethod,
                       EntryMessage{"type.googleapis.com/t.Request", order("a", 1, "x")}, false, 0);
    entry += serializeExtras({.requestMetadata = Metadata{{"x-tenant", "acme"}, {"x-other", "1"}}});
    file.record(entry);
    MissedCall missed = missedCall(order("a", 1, "x"));
    missed.metadata = Metadata{{"x-tenant", "umbrella"}, {"x-other", "2"}};
    MatchPolicy policy;
    policy.compareMetadata = {*parseMetadataRule("t.S/M:x-tenant")};
    const auto explanation = explainerOf(file).explain(missed, policy, {});
    QVERIFY(QString::fromStdString(statusText(explanation))
                .endsWith("nearest is call 1 (unused): its message is equal, its metadata is not:\n"
                          "  metadata x-tenant: recorded \"acme\", sent \"umbrella\""));
    QVERIFY(fullText(explanation).find("metadata x-tenant: recorded \"acme\"") != std::string::npos);
    missed.metadata.reset();
    QVERIFY(explainerOf(file).explain(missed, policy, {}).nearest->metadata.empty());
  }

  void otherMetadataCountAsALeaf() {
    ReplayFile file;
    for (const char* tenant : {"acme", "umbrella"}) {
      file.request(kMethod, {"t.Request", order("a", 1, "x")});
      file.requestMetadata({{"x-tenant", tenant}});
    }
    file.request(kMethod, {"t.Request", order("a", 3, "z")});
    file.requestMetadata({{"x-tenant", "third"}});
    MatchPolicy policy;
    policy.compareMetadata = {*parseMetadataRule("*:x-tenant")};
    const auto nearestOf = [&](const Bytes& sent, const char* tenant) {
      MissedCall missed = missedCall(sent);
      missed.metadata = Metadata{{"x-tenant", tenant}};
      const auto found = explainerOf(file).explain(missed, policy, {});
      return nearest(found) + (found.nearest->metadata.empty() ? "" : " metadata");
    };
    QCOMPARE(nearestOf(order("a", 1, "y"), "umbrella"), QString("2 3"));
    QCOMPARE(nearestOf(order("a", 1, "x"), "third"), QString("1 metadata"));
    QCOMPARE(nearestOf(order("a", 3, "y"), "acme"), QString("3 3 metadata"));
  }

  // Tokens are long, and differ at their end.
  void longMetadataAreToldWhereTheyDiffer() {
    for (const std::size_t size : {300u, 1300u, 70'000u}) {
      const Bytes same(size, 'a');
      ReplayFile file;
      file.request(kMethod, {"t.Request", order("a", 1, "x")});
      file.requestMetadata({{"authorization", "one"}, {"authorization", "Bearer " + same + "X"}});
      MissedCall missed = missedCall(order("a", 1, "x"));
      missed.metadata = Metadata{{"authorization", "one"}, {"authorization", "Bearer " + same + "Y"}};
      MatchPolicy policy;
      policy.compareMetadata = {*parseMetadataRule("*:authorization")};
      const auto explanation = explainerOf(file).explain(missed, policy, {});
      for (const std::string& text : {statusText(explanation), fullText(explanation)}) {
        QVERIFY2(text.find("aa⟨X⟩\", sent ") != std::string::npos, text.c_str());
        QVERIFY2(text.find("aa⟨Y⟩\"") != std::string::npos, text.c_str());
      }
      const std::string details = statusDetails(explanation, 2, "text");
      QVERIFY(details.find("aa⟨Y⟩\"") != std::string::npos);
    }
  }

  void whatIsTooLongToCompareIsNotNear() {
    File file;
    file.call(order("a", 1, Bytes(5 << 20, 'z'))).call(order("a", 1, "note"));
    QCOMPARE(nearest(file, order("a", 1, "notes")), QString("2 3"));
    const auto missed = missedCall(order("a", 1, Bytes(5 << 20, 'y')));
    const std::string text = statusText(explainerOf(file).explain(missed, {}, {}));
    QVERIFY2(text.find("longer than 4 MiB") != std::string::npos, text.c_str());
  }

  void similarMethodsAreNamed_data() {
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("similar");
    QTest::addRow("a letter") << "/shop.v1.Orders/Gett"
                              << "/shop.v1.Orders/Get";
    QTest::addRow("another version") << "/shop.v2.Orders/List"
                                     << "/shop.v1.Orders/List";
    QTest::addRow("another package") << "/market.Orders/List"
                                     << "/shop.v1.Orders/List";
    QTest::addRow("another service") << "/bank.Accounts/Withdraw"
                                     << "/shop.v1.Wallet/Withdraw";
    QTest::addRow("nothing like it") << "/other.Thing/Unlike"
                                     << "";
    QTest::addRow("no method at all") << "unlike"
                                      << "";
  }
  void similarMethodsAreNamed() {
    QFETCH(QString, asked);
    QFETCH(QString, similar);
    ReplayFile file;
    for (const char* method : {"/shop.v1.Orders/Get", "/shop.v1.Orders/List", "/shop.v1.Wallet/Withdraw"})
      file.unary(method, {"t.Request", ""}, test::Message{"t.Answer", ""});
    const auto explanation = explainerOf(file).explain(
        {.miss = {.why = Miss::Why::NotRecorded}, .method = asked.toStdString()}, {}, {});
    QStringList names;
    for (const std::string& name : explanation.methodsNearby) names << QString::fromStdString(name);
    QCOMPARE(names.value(0), similar);
  }

  // Also where the one is among thousands that differ in two fields, and where one field is every call's own.
  void theNearestIsFoundAmongMany() {
    File file;
    for (std::uint64_t i = 0; i < 20'000; ++i)
      file.call(order("id-" + std::to_string(i), 7, "note " + std::to_string(i * 7919)));
    const Explainer explainer = explainerOf(file);
    const auto unused = [](EntryId) { return false; };
    for (const std::uint64_t i : {0u, 1u, 9'999u, 19'999u}) {
      const Bytes id = "id-" + std::to_string(i);
      QCOMPARE(nearest(explainer.explain(missedCall(order(id, 7, "other")), {}, unused)),
               QString::number(i + 1) + " 3");
    }
    QCOMPARE(nearest(explainer.explain(missedCall(order("q", 8, "r")), {}, unused)), QString("none"));
  }

  // Garbage that reads as millions of fields, and a list with a million elements.
  void hugeMessagesAreExplainedInBoundedTime() {
    File file;
    file.call(field(1, "a")).call(field(15, 1) + field(15, Bytes(3 << 20, 'y')));
    Bytes numbers;
    for (std::uint64_t i = 0; i < 1'000'000; ++i) numbers += field(2, i);
    file.call(numbers);
    const Explainer explainer = explainerOf(file);
    for (const Bytes& sent : {Bytes(63 << 20, 'x'), Bytes(4 << 20, 'x'), field(1, Bytes(4 << 20, 'x')),
                              numbers + field(2, 1), field(15, Bytes(3 << 20, 'y'))}) {
      QElapsedTimer timer;
      timer.start();
      const auto explanation = explainer.explain(missedCall(sent), {}, {});
      QVERIFY(!statusText(explanation).empty());
      QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    }
  }

  void aSketchDiffersInOneLaneALeaf() {
    const auto sketch = [](const Bytes& message) {
      return sketchOf(leafHashes(*Schema::builtin(), nullptr, message, {}));
    };
    const Bytes message = order("a", 1, "x") + field(4, field(1, 7) + field(2, "s"));
    QCOMPARE(sketchDistance(sketch(message), sketch(message)), 0u);
    QCOMPARE(sketchDistance(sketch(message),
                            sketch(order("a", 1, "y") + message.substr(order("a", 1, "x").size()))),
             1u);
    QCOMPARE(sketchDistance({{~0ull, ~0ull, ~0ull, ~0ull}}, {}), RequestSketch::kLanes);
    QCOMPARE(sketchDistance({{0x8000'0000'0001'0000, 0, 0, 1}}, {}), 3u);
  }
};

QTEST_APPLESS_MAIN(tst_Explainer)
#include "tst_explainer.moc"
